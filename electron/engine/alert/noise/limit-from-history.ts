import type { Clock } from '../../schedule/clock.ts';
import type { RangeRun } from '../try-out/index.ts';
import { findLimit } from './find-limit.ts';
import { proposeLimit, type LimitProposal } from './propose-limit.ts';

export interface LimitQuestion {
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeoutMs: number;
}

export interface LimitOptions {
  readonly clock: Clock;
  readonly range: RangeRun;
  readonly signal?: AbortSignal;
}

/** Points in a series; a query may give 11,000. */
const MOST_POINTS = 5_000;
const FINEST_STEP_MS = 60_000;

/** A limit that the history of what a rule compares speaks for; null where there is none, or no time to look for it. */
export async function limitFromHistory(question: LimitQuestion, options: LimitOptions): Promise<LimitProposal | null> {
  const limit = findLimit(question.expr);
  if (limit === null) return null;
  const { fromMs, toMs, forMs, keepFiringForMs, timeoutMs } = question;
  const stepMs = Math.max(FINEST_STEP_MS, Math.ceil((toMs - fromMs) / MOST_POINTS / FINEST_STEP_MS) * FINEST_STEP_MS);
  const endMs = Math.floor(toMs / stepMs) * stepMs;
  const outcome = await options.range(limit.subject, Math.ceil(fromMs / stepMs) * stepMs, endMs, stepMs, {
    timeoutMs,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (!outcome.ok || outcome.value.type !== 'matrix') return null;
  return proposeLimit(outcome.value.series, limit, { forMs, keepFiringForMs, stepMs, endMs });
}
