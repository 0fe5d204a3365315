import { METRIC_NAME, labelsKey, labelsToRecord, withLabels, withoutLabels } from '../../../../shared/model/labels.ts';
import type { LabelRecord, Labels } from '../../../../shared/model/labels.ts';
import type { QueryOutcome, ResultSeries } from '../../query/promql/index.ts';
import type { Clock } from '../../schedule/clock.ts';
import { coveredMs, firingIntervals, type FiringInterval } from './firing-intervals.ts';

export type RangeRun = (
  expr: string,
  startMs: number,
  endMs: number,
  stepMs: number,
  limits: { readonly timeoutMs: number; readonly signal?: AbortSignal },
) => Promise<QueryOutcome>;

export interface TriedRule {
  readonly name: string;
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** The rule's own labels, which decide what is one alert; templates among them are not expanded. */
  readonly labels: LabelRecord;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TryOptions {
  readonly clock: Clock;
  readonly range: RangeRun;
  /** All of it; what is not looked at by then is left out, the oldest first. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface TriedAlert {
  readonly labels: LabelRecord;
  readonly firings: readonly FiringInterval[];
}

export type TryOutcome =
  | {
      readonly ok: true;
      /** Where the look began; later than asked when the time was up. */
      readonly fromMs: number;
      readonly toMs: number;
      readonly stepMs: number;
      /** Whether all that was asked for was looked at. */
      readonly isComplete: boolean;
      /** Those that would have fired, most often first. */
      readonly alerts: readonly TriedAlert[];
      /** Label sets whose condition held, but never for long enough. */
      readonly onlyPending: number;
      readonly firings: number;
      /** How long at least one of them fired. */
      readonly firingMs: number;
    }
  | { readonly ok: false; readonly problem: Extract<QueryOutcome, { ok: false }>['problem'] };

const FINEST_STEP_MS = 15_000;
const MINUTE_MS = 60_000;
const MOST_STEPS = 40_000;
const PIECE_STEPS = 1_440;

/**
 * What a rule would have done in the past, from the history in the store. It is evaluated piece by piece from the newest,
 * so that it can be given up at any moment, and an answer about fewer days is there when the time is up.
 */
export async function tryRule(rule: TriedRule, options: TryOptions): Promise<TryOutcome> {
  const stepMs = stepOf(rule);
  const toMs = Math.floor(rule.toMs / stepMs) * stepMs;
  const fromMs = Math.min(toMs, Math.ceil(rule.fromMs / stepMs) * stepMs);
  const deadline = options.clock.monotonic() + options.timeoutMs;
  const pieces: (readonly ResultSeries[])[] = [];
  let begunMs = toMs + stepMs;
  while (begunMs > fromMs) {
    const timeoutMs = deadline - options.clock.monotonic();
    if (timeoutMs <= 0) break;
    const startMs = Math.max(fromMs, begunMs - PIECE_STEPS * stepMs);
    const outcome = await options.range(rule.expr, startMs, begunMs - stepMs, stepMs, {
      timeoutMs,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    if (!outcome.ok) {
      if (outcome.problem.kind === 'timeout' && pieces.length > 0) break;
      return outcome;
    }
    pieces.unshift(seriesOf(outcome));
    begunMs = startMs;
  }
  if (pieces.length === 0) {
    return { ok: false, problem: { kind: 'timeout', message: 'There was no time to look at any of the history.' } };
  }
  return summary(rule, pieces, { fromMs: begunMs, toMs, stepMs, isComplete: begunMs <= fromMs });
}

/** A minute where that is a bearable number of evaluations; finer for a short range or a short `for`. */
function stepOf({ fromMs, toMs, forMs }: TriedRule): number {
  const rangeMs = Math.max(0, toMs - fromMs);
  const wantedMs = forMs > 0 && forMs < 2 * MINUTE_MS ? FINEST_STEP_MS : MINUTE_MS;
  const affordable = Math.ceil(rangeMs / MOST_STEPS / FINEST_STEP_MS) * FINEST_STEP_MS;
  return Math.max(FINEST_STEP_MS, rangeMs <= 6 * 60 * MINUTE_MS ? FINEST_STEP_MS : wantedMs, affordable);
}

function seriesOf({ value }: Extract<QueryOutcome, { ok: true }>): readonly ResultSeries[] {
  return value.type === 'matrix' ? value.series : [];
}

function summary(
  rule: TriedRule,
  pieces: readonly (readonly ResultSeries[])[],
  seen: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number; readonly isComplete: boolean },
): TryOutcome {
  const active = new Map<string, { readonly labels: Labels; readonly times: number[] }>();
  for (const { labels, timestamps } of pieces.flat()) {
    const own = alertLabels(labels, rule);
    const key = labelsKey(own);
    const known = active.get(key);
    if (known === undefined) active.set(key, { labels: own, times: Array.from(timestamps) });
    else if (timestamps.length > 0 && (timestamps[0] as number) <= (known.times.at(-1) ?? -Infinity)) {
      const message = 'vector contains metrics with the same labelset after applying alert labels';
      return { ok: false, problem: { kind: 'execution', message } };
    } else for (const at of timestamps) known.times.push(at);
  }
  const times = { forMs: rule.forMs, keepFiringForMs: rule.keepFiringForMs, stepMs: seen.stepMs, endMs: seen.toMs };
  const all = [...active.values()].map((one) => ({
    labels: labelsToRecord(one.labels),
    firings: firingIntervals(one.times, times),
  }));
  const fired = all.filter(({ firings }) => firings.length > 0).toSorted((a, b) => b.firings.length - a.firings.length);
  const firings = fired.flatMap((one) => one.firings);
  return {
    ok: true,
    ...seen,
    alerts: fired,
    onlyPending: all.length - fired.length,
    firings: firings.length,
    firingMs: coveredMs(firings, seen.toMs),
  };
}

/** The identity of the alert: without the metric's name, and with those labels of the rule that need no expanding. */
function alertLabels(labels: Labels, rule: TriedRule): Labels {
  const fixed = Object.fromEntries(Object.entries(rule.labels).filter(([, value]) => !value.includes('{{')));
  return withLabels(withoutLabels(labels, [METRIC_NAME]), { ...fixed, alertname: rule.name });
}
