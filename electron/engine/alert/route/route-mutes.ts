import type { NotifyConfig, RouteConfig } from '../../config/configuration.ts';
import { isInInterval } from '../../schedule/time-interval.ts';

/**
 * Names of the intervals that keep a route quiet now: each of its mute intervals that is in force, and all of its active
 * ones where none of them is. Empty when it may tell. Source: Alertmanager manual, `<route>`; notify/notify.go.
 */
export function routeMutes(
  { muteTimeIntervals, activeTimeIntervals }: Pick<RouteConfig, 'muteTimeIntervals' | 'activeTimeIntervals'>,
  intervals: NotifyConfig['timeIntervals'],
  nowMs: number,
): readonly string[] {
  const isInForce = (name: string): boolean => (intervals[name] ?? []).some((part) => isInInterval(part, nowMs));
  const muting = muteTimeIntervals.filter(isInForce);
  const isOutside = activeTimeIntervals.length > 0 && !activeTimeIntervals.some(isInForce);
  return isOutside ? [...muting, ...activeTimeIntervals] : muting;
}
