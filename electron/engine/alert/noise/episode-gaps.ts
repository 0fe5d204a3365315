import type { AlertEpisode } from '../../store/state/index.ts';

/** An alert that ends within this time mostly ended by itself. */
export const SHORT_MS = 5 * 60_000;
/** A new beginning so soon after the end is the same trouble. */
export const FLAP_GAP_MS = 30 * 60_000;

/** Time between the end of an alert and its next beginning, for each alert by itself. */
export function gapsBetween(episodes: readonly AlertEpisode[]): number[] {
  return [...Map.groupBy(episodes, ({ fingerprint }) => fingerprint).values()].flatMap((own) => {
    const sorted = own.toSorted((a, b) => a.firedAt - b.firedAt);
    return sorted.slice(1).flatMap(({ firedAt }, index) => {
      const end = sorted[index]?.resolvedAt ?? null;
      return end === null ? [] : [firedAt - end];
    });
  });
}
