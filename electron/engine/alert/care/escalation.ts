import type { EscalationStep } from '../../config/configuration.ts';
import type { AlertCare } from '../../store/state/index.ts';

/** Receivers that are due to be told of an alert now because nobody acknowledged it, and when the next one is. */
export interface EscalationCall {
  readonly due: readonly string[];
  /** Epoch milliseconds; null when none follows. */
  readonly nextAt: number | null;
}

/**
 * Decide about one alert that fires and is not held back. The time runs from when it was first to be told, and from the
 * end of a snooze anew.
 */
export function callEscalation(steps: readonly EscalationStep[], care: AlertCare, nowMs: number): EscalationCall {
  if (care.acknowledged !== null || care.noticedAt === null) return { due: [], nextAt: null };
  const from = Math.max(care.noticedAt, Math.min(care.snoozed?.until ?? 0, nowMs));
  const open = steps.filter(({ receiver }) => !care.escalated.some((one) => one.receiver === receiver));
  const due = open.filter(({ afterMs }) => from + afterMs <= nowMs).map(({ receiver }) => receiver);
  const later = open.map(({ afterMs }) => from + afterMs).filter((at) => at > nowMs);
  return { due, nextAt: later.length === 0 ? null : Math.min(...later) };
}
