/**
 * Where in its interval a key ticks: stable over restarts and different between keys, so that a thousand targets of one
 * interval are spread evenly and history stays equally spaced.
 *
 * @returns an offset in milliseconds, 0 ≤ offset < intervalMs
 * Source: Prometheus, scrape/target.go, `offset`: hash modulo interval.
 */
export function phaseOffsetMs(key: string, intervalMs: number): number {
  return stableHash(key) % intervalMs;
}

/** The first time after `afterMs` (epoch milliseconds) whose remainder by the interval is the offset. */
export function nextAlignedAt(afterMs: number, intervalMs: number, offsetMs: number): number {
  return (Math.floor((afterMs - offsetMs) / intervalMs) + 1) * intervalMs + offsetMs;
}

/**
 * The timestamp to store for a tick: the ideal one if the real one is close to it, because equal distances compress to
 * almost nothing; else the real one, because a timestamp must not lie.
 *
 * Source: Prometheus, scrape/scrape.go: tolerance of 2 ms, at most 1 % of the interval.
 */
export function snapTimestamp(actualMs: number, idealMs: number, intervalMs: number): number {
  const toleranceMs = Math.min(2, intervalMs / 100);
  return Math.abs(actualMs - idealMs) <= toleranceMs ? idealMs : Math.round(actualMs);
}

/** FNV-1a with the finaliser of MurmurHash3, which spreads keys that differ in their last character only. */
function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
