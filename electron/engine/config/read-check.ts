import { z } from 'zod';
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
import type { PlainValue } from './yaml-source.ts';

export const CHECK_DEFAULTS = { intervalMs: 30_000, timeoutMs: 10_000 };

/** A check without what it asks, which each kind of probe reads for itself. */
const checkEntry = strict({
  name: text().min(1, 'The name is empty'),
  interval: duration.optional(),
  timeout: duration.optional(),
  labels: labelMap.optional(),
  ...judgementKeys,
  ...dependencyKeys,
  ...Object.fromEntries(PROBE_KIND_NAMES.map((kind) => [kind, z.unknown().optional()])),
});

export interface CheckReading extends Omit<ProbeReading, 'place'> {
  readonly nameScheme: NameScheme;
  /** How a check is judged that does not say otherwise. */
  readonly judgement: CheckJudgement;
}

/** One check; null when it is wrong. */
export function readCheck(value: PlainValue, place: Place, reading: CheckReading): CheckConfig | null {
  const { findings, nameScheme } = reading;
  const raw = validate(checkEntry, value, place, findings);
  const probe = isPlainMap(value) ? readProbe(value, place, reading) : null;
  if (raw === undefined) return null;
  checkLabelNames(raw.labels ?? {}, below(place, 'labels'), nameScheme, findings);
  const times = readTimes(raw, place, findings);
  const judgement = readJudgement(raw, reading.judgement, place, findings);
  return probe === null ? null : { name: raw.name, ...times, labels: raw.labels ?? {}, judgement, probe };
}

function readProbe(
  value: Readonly<Record<string, PlainValue>>,
  place: Place,
  reading: CheckReading,
): ProbeConfig | null {
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
  place: Place,
  findings: Findings,
): Pick<CheckConfig, 'intervalMs' | 'timeoutMs'> {
  const intervalMs = raw.interval ?? CHECK_DEFAULTS.intervalMs;
  if (intervalMs < 1000) {
    findings.problems.push(
      problemAt(below(place, 'interval'), 'A check cannot run more often than once a second.', 'Write 1s or more.'),
    );
  }
  const timeoutMs = raw.timeout ?? Math.min(CHECK_DEFAULTS.timeoutMs, intervalMs);
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
