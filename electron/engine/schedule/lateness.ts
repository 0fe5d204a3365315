/** The last 1,024 delays, for their quantiles. */
export interface Lateness {
  add(lateMs: number): void;
  /** Quantile `q`, 0–1, in milliseconds; 0 when nothing was added. */
  quantile(q: number): number;
}

const KEPT = 1024;

export function createLateness(): Lateness {
  const ring = new Float64Array(KEPT);
  let added = 0;
  return {
    add(lateMs) {
      ring[added++ % KEPT] = lateMs;
    },
    quantile(q) {
      const sorted = ring.slice(0, Math.min(added, KEPT)).sort();
      return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
    },
  };
}
