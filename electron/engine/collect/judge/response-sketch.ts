/**
 * How response times are spread, in little space: counts of logarithmic buckets, sparse. Sketches of several times add
 * up to the sketch of all of them, which means of percentiles do not.
 *
 * Source: Masson, Rim, Lee: DDSketch, VLDB 2019: a quantile is off by at most the relative accuracy.
 */
export interface ResponseSketch {
  /** @param durationMs 0 or more */
  add(durationMs: number): void;
  /** Add what {@link ResponseSketch.pack} gave. */
  merge(packed: Uint8Array): void;
  count(): number;
  /** The value below which the share `q` (0–1) of the times lies, in milliseconds; null when there is none. */
  quantile(q: number): number | null;
  pack(): Uint8Array;
}

/** A percentile is true to 1 %. */
const ACCURACY = 0.01;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);
/** Shorter times share one bucket: 10 µs. */
const SMALLEST_MS = 0.01;
const ENTRY_BYTES = 6;

export function createResponseSketch(): ResponseSketch {
  const counts = new Map<number, number>();
  let total = 0;
  const put = (bucket: number, count: number): void => {
    counts.set(bucket, (counts.get(bucket) ?? 0) + count);
    total += count;
  };
  return {
    add(durationMs) {
      put(Math.ceil(Math.log(Math.max(SMALLEST_MS, durationMs)) / LOG_GAMMA), 1);
    },
    merge(packed) {
      const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
      for (let at = 0; at + ENTRY_BYTES <= packed.byteLength; at += ENTRY_BYTES) {
        put(view.getInt16(at), view.getUint32(at + 2));
      }
    },
    count: () => total,
    quantile(q) {
      if (total === 0) return null;
      const rank = q * (total - 1);
      let seen = 0;
      let last = 0;
      for (const bucket of [...counts.keys()].sort((a, b) => a - b)) {
        last = bucket;
        seen += counts.get(bucket) ?? 0;
        if (seen > rank) break;
      }
      return (2 * GAMMA ** last) / (GAMMA + 1);
    },
    pack() {
      const view = new DataView(new ArrayBuffer(counts.size * ENTRY_BYTES));
      let at = 0;
      for (const [bucket, count] of counts) {
        view.setInt16(at, bucket);
        view.setUint32(at + 2, count);
        at += ENTRY_BYTES;
      }
      return new Uint8Array(view.buffer);
    },
  };
}
