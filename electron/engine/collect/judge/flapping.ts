/** When a check counts as flapping: shares of weighted changes, in percent. */
export interface FlapLimits {
  /** Flapping begins at this share. */
  readonly highPercent: number;
  /** It ends below this share. */
  readonly lowPercent: number;
}

/** The last results of a check as far as flapping goes. */
export interface Flapping {
  /** One letter for each of the last {@link FLAP_RESULTS} results, the oldest first. */
  readonly results: string;
  readonly isFlapping: boolean;
}

export const NOT_FLAPPING: Flapping = { results: '', isFlapping: false };

/** Source: Nagios Core manual, "Detection and Handling of State Flapping": 21 results hold 20 changes. */
export const FLAP_RESULTS = 21;
const CHANGES = FLAP_RESULTS - 1;
const OLDEST_WEIGHT = 0.8;
const NEWEST_WEIGHT = 1.2;

/**
 * How much a check changes: the share of changes among the last results, in percent, in which a new change weighs half
 * as much again as an old one. Results that have not come yet count as no change.
 *
 * @param results one letter each, the oldest first; no more than {@link FLAP_RESULTS} are looked at
 */
export function changePercent(results: string): number {
  const kept = results.slice(-FLAP_RESULTS);
  const missing = FLAP_RESULTS - kept.length;
  let sum = 0;
  for (let i = 1; i < kept.length; i += 1) {
    if (kept[i] === kept[i - 1]) continue;
    const place = missing + i - 1;
    sum += OLDEST_WEIGHT + ((NEWEST_WEIGHT - OLDEST_WEIGHT) * place) / (CHANGES - 1);
  }
  return (sum * 100) / CHANGES;
}

/**
 * One more result.
 *
 * @param result a letter for what was found
 * @param limits null switches the detection off
 */
export function stepFlapping(before: Flapping, result: string, limits: FlapLimits | null): Flapping {
  const results = (before.results + result).slice(-FLAP_RESULTS);
  if (limits === null) return { results, isFlapping: false };
  const percent = changePercent(results);
  return { results, isFlapping: before.isFlapping ? percent >= limits.lowPercent : percent >= limits.highPercent };
}
