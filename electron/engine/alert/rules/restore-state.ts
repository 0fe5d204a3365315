import { labelsKey, METRIC_NAME, withoutLabels } from '../../../../shared/model/labels.ts';
import { bitsOf, isStaleAt } from '../../../../shared/model/stale-marker.ts';
import type { SampleSource, SeriesColumns } from '../../store/metrics/sample-source.ts';
import type { ActiveAlert } from './alerting-state.ts';

/** What the series ALERTS_FOR_STATE told last about one alert. Times are epoch milliseconds. */
export interface RememberedAlert {
  readonly activeAt: number;
  readonly lastSeenAt: number;
}

/** Longest time without evaluations after which `for` state is still believed. Source: `--rules.alert.for-outage-tolerance`. */
export const OUTAGE_TOLERANCE_MS = 60 * 60_000;
/** A restored alert waits at least this long before it fires. Source: `--rules.alert.for-grace-period`. */
export const GRACE_PERIOD_MS = 10 * 60_000;

/** Read what the rules of one name had waiting before the program stopped, by the alert's {@link labelsKey}. */
export function readRemembered(source: SampleSource, alertName: string, nowMs: number): Map<string, RememberedAlert> {
  const matchers = [
    { name: METRIC_NAME, operator: '=' as const, value: 'ALERTS_FOR_STATE' },
    { name: 'alertname', operator: '=' as const, value: alertName },
  ];
  const remembered = new Map<string, RememberedAlert>();
  for (const series of source.select(matchers, nowMs - OUTAGE_TOLERANCE_MS, nowMs)) {
    const last = lastSample(series);
    if (last === null) continue;
    const key = labelsKey(withoutLabels(series.labels, [METRIC_NAME]));
    remembered.set(key, { activeAt: last.value * 1000, lastSeenAt: last.timestampMs });
  }
  return remembered;
}

function lastSample(series: SeriesColumns): { timestampMs: number; value: number } | null {
  const index = series.timestamps.length - 1;
  const timestampMs = series.timestamps[index];
  const value = series.values[index];
  // A stale marker at the end: the alert was over before the program stopped.
  if (timestampMs === undefined || value === undefined || isStaleAt(bitsOf(series.values), index)) return null;
  return { timestampMs, value };
}

/**
 * Since when an alert that is active again after a restart counts as active.
 *
 * One that was firing goes on firing. One that waited goes on where it stood, the time of the outage left out, but has
 * at least the grace period before it, so that fresh data may end it; with a `for` shorter than that it starts anew.
 * Source: Prometheus, rules/group.go, RestoreForState; there a short `for` starts anew even when the alert was firing,
 * which would announce its end and its return.
 */
export function restoreActiveAt(alert: ActiveAlert, remembered: RememberedAlert, forMs: number, nowMs: number): number {
  const waitedMs = remembered.lastSeenAt - remembered.activeAt;
  const remainingMs = forMs - waitedMs;
  if (remainingMs <= 0) return remembered.activeAt;
  if (forMs < GRACE_PERIOD_MS) return alert.activeAt;
  if (remainingMs < GRACE_PERIOD_MS) return nowMs + GRACE_PERIOD_MS - forMs;
  return remembered.activeAt + (nowMs - remembered.lastSeenAt);
}
