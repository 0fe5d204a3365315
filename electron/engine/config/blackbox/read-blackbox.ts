import { z } from 'zod';
import { probeKind } from '../probe/kinds.ts';
import type { ProbeReading } from '../probe/probe-kind.ts';
import { below, problemAt } from '../problem.ts';
import type { Findings } from '../problem.ts';
import { duration, strict } from '../schema/values.ts';
import { validate } from '../validate.ts';
import { isPlainMap } from '../yaml-source.ts';
import type { PlainMap, PlainValue } from '../yaml-source.ts';
import type { ProbeModule } from './probe-module.ts';

const PROBERS = ['http', 'tcp', 'icmp', 'dns', 'grpc'] as const;
type Prober = (typeof PROBERS)[number];

const any = z.unknown().optional();
const fileSchema = strict({ modules: z.record(z.string(), z.unknown()).optional() });
const moduleSchema = strict({
  prober: z.enum(PROBERS),
  timeout: duration.optional(),
  ...Object.fromEntries(PROBERS.map((prober) => [prober, any])),
});

/** As blackbox_exporter has it: IPv6 first, and IPv4 where there is none. */
const IP = { preferred_ip_protocol: 'ip6', ip_protocol_fallback: 'true' };

/** What a module of a kind means where it says nothing, with a target in whose place the true one is put. */
const DEFAULTS: Readonly<Record<Prober, PlainMap>> = {
  http: { url: 'http://placeholder.invalid/', health: 'false', ...IP },
  tcp: { address: 'placeholder.invalid:1', ...IP },
  icmp: { host: 'placeholder.invalid', packets: '1', ...IP },
  dns: { server: 'placeholder.invalid', query_type: 'ANY', ...IP },
  grpc: { address: 'placeholder.invalid', ...IP },
};

/**
 * The modules of a configuration file of blackbox_exporter. A module that is wrong is left out, with its problems in the
 * findings. Source: blackbox_exporter's manual, CONFIGURATION.md.
 */
export function readBlackbox(value: PlainValue, reading: ProbeReading): readonly ProbeModule[] {
  const { place, findings } = reading;
  const raw = validate(fileSchema, value ?? {}, place, findings);
  if (raw === undefined) return [];
  const modules = isPlainMap(value) && isPlainMap(value['modules']) ? value['modules'] : {};
  return Object.entries(modules).flatMap(([name, entry]) => {
    const at = { ...reading, place: below(place, 'modules', name) };
    return readModule(name, entry, at) ?? [];
  });
}

function readModule(name: string, value: PlainValue, reading: ProbeReading): ProbeModule | null {
  const { place, findings } = reading;
  const raw = validate(moduleSchema, value, place, findings);
  if (raw === undefined || !isPlainMap(value)) return null;
  const { prober } = raw;
  warnUnused(value, prober, reading, findings);
  const section = value[prober] ?? {};
  const sectionReading = { ...reading, place: below(place, prober) };
  if (!isPlainMap(section)) {
    findings.problems.push(problemAt(sectionReading.place, 'Expected a mapping.', 'Write a mapping here.'));
    return null;
  }
  const probe = probeKind(prober).read({ ...DEFAULTS[prober], ...section }, sectionReading);
  return probe === null ? null : { name, timeoutMs: raw.timeout ?? null, probe };
}

/** blackbox_exporter reads the sections of other probers and uses none of them. */
function warnUnused(value: PlainMap, prober: Prober, { place }: ProbeReading, findings: Findings): void {
  for (const other of PROBERS) {
    if (other === prober || (value[other] ?? null) === null) continue;
    const message = `"${other}" has no effect in a module of the prober ${prober}.`;
    findings.warnings.push(problemAt(below(place, other), message, 'Remove it, or change the prober.', 'key'));
  }
}
