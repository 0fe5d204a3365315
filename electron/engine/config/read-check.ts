import { z } from 'zod';
import { probeOfModule } from './blackbox/probe-module.ts';
import type { ProbeModule } from './blackbox/probe-module.ts';
import type { CheckConfig, CheckJudgement } from './configuration.ts';
import { checkLabelNames } from './names.ts';
import type { NameScheme } from './names.ts';
import { PROBE_KIND_NAMES, probeKind } from './probe/kinds.ts';
import type { ProbeConfig } from './probe/kinds.ts';
import type { ProbeReading } from './probe/probe-kind.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import { readJudgement } from './read-judgement.ts';
import { dependencyKeys, judgementKeys } from './schema/judgement-schema.ts';
import { duration, labelMap, strict, text } from './schema/values.ts';
import { validate } from './validate.ts';
import { isPlainMap } from './yaml-source.ts';
import type { PlainMap, PlainValue } from './yaml-source.ts';

export const CHECK_DEFAULTS = { intervalMs: 30_000, timeoutMs: 10_000 };

/** A check without what it asks, which each kind of probe reads for itself. */
const checkEntry = strict({
  name: text().min(1, 'The name is empty'),
  interval: duration.optional(),
  timeout: duration.optional(),
  labels: labelMap.optional(),
  ...judgementKeys,
  ...dependencyKeys,
  module: text().optional(),
  target: text().optional(),
  ...Object.fromEntries(PROBE_KIND_NAMES.map((kind) => [kind, z.unknown().optional()])),
});

export interface CheckReading extends Omit<ProbeReading, 'place'> {
  readonly nameScheme: NameScheme;
  /** How a check is judged that does not say otherwise. */
  readonly judgement: CheckJudgement;
  /** What a check may name instead of saying what it asks. */
  readonly modules: readonly ProbeModule[];
}

/** One check; null when it is wrong. */
export function readCheck(value: PlainValue, place: Place, reading: CheckReading): CheckConfig | null {
  const { findings, nameScheme } = reading;
  const raw = validate(checkEntry, value, place, findings);
  const asked = isPlainMap(value) ? readAsked(value, place, reading) : null;
  if (raw === undefined) return null;
  checkLabelNames(raw.labels ?? {}, below(place, 'labels'), nameScheme, findings);
  const times = readTimes(raw, asked?.timeoutMs ?? CHECK_DEFAULTS.timeoutMs, place, findings);
  const judgement = readJudgement(raw, reading.judgement, place, findings);
  return asked === null ? null : { name: raw.name, ...times, labels: raw.labels ?? {}, judgement, probe: asked.probe };
}

/** What a check asks, and how long that may take where the check says nothing; null for no word of it. */
interface Asked {
  readonly probe: ProbeConfig;
  readonly timeoutMs: number | null;
}

function readAsked(value: PlainMap, place: Place, reading: CheckReading): Asked | null {
  const { module, target } = value;
  if ((module ?? null) === null && (target ?? null) === null) {
    const probe = readProbe(value, place, reading);
    return probe === null ? null : { probe, timeoutMs: null };
  }
  const { findings, modules } = reading;
  const report = (key: string, message: string, remedy: string): null => {
    findings.problems.push(problemAt(below(place, key), message, remedy));
    return null;
  };
  const kind = PROBE_KIND_NAMES.find((name) => (value[name] ?? null) !== null);
  if (kind !== undefined) return report(kind, `The check names ${kind} beside a module.`, 'Make two checks of it.');
  if (typeof module !== 'string') return report('target', 'A target without a module.', 'Add "module".');
  if (typeof target !== 'string') return report('module', 'A module without a target.', 'Add "target".');
  const found = modules.find(({ name }) => name === module);
  if (found === undefined) {
    const known = modules.map(({ name }) => name).join(', ');
    const remedy = known === '' ? 'Name its file with "blackbox_config_file".' : `Known are: ${known}.`;
    return report('module', `There is no module "${module}".`, remedy);
  }
  const probe = probeOfModule(found, target);
  if (probe === null)
    return report('target', `"${target}" is not a target for ${module}.`, 'Write host:port, or a URL.');
  return { probe, timeoutMs: found.timeoutMs };
}

function readProbe(value: PlainMap, place: Place, reading: CheckReading): ProbeConfig | null {
  const { findings } = reading;
  const [kind, second] = PROBE_KIND_NAMES.filter((name) => (value[name] ?? null) !== null);
  if (kind === undefined) {
    const known = PROBE_KIND_NAMES.join(', ');
    findings.problems.push(problemAt(place, 'The check does not say what it asks.', `Add one of: ${known}.`));
    return null;
  }
  if (second !== undefined) {
    const message = `A check asks in one way, and this one names ${kind} and ${second}.`;
    findings.problems.push(problemAt(below(place, second), message, 'Make two checks of it.', 'key'));
  }
  return probeKind(kind).read(value[kind] ?? null, { ...reading, place: below(place, kind) });
}

function readTimes(
  raw: { readonly name: string; readonly interval?: number | undefined; readonly timeout?: number | undefined },
  usualTimeoutMs: number,
  place: Place,
  findings: Findings,
): Pick<CheckConfig, 'intervalMs' | 'timeoutMs'> {
  const intervalMs = raw.interval ?? CHECK_DEFAULTS.intervalMs;
  if (intervalMs < 1000) {
    findings.problems.push(
      problemAt(below(place, 'interval'), 'A check cannot run more often than once a second.', 'Write 1s or more.'),
    );
  }
  const timeoutMs = raw.timeout ?? Math.min(usualTimeoutMs, intervalMs);
  if (timeoutMs > intervalMs || timeoutMs === 0) {
    findings.problems.push(
      problemAt(
        below(place, 'timeout'),
        timeoutMs === 0 ? 'The timeout is 0.' : `The timeout of "${raw.name}" is longer than its interval.`,
        'Make it longer than 0 and at most as long as the interval.',
      ),
    );
  }
  return { intervalMs, timeoutMs };
}
