import { bitsOf, isStaleAt } from '../../../../../shared/model/stale-marker.ts';

interface Samples {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/** The samples of a series, the markers of its ends taken out. */
export function withoutStale(series: Samples): Samples {
  const bits = bitsOf(series.values);
  const count = series.values.length;
  let stale = 0;
  for (let i = 0; i < count; i++) if (isStaleAt(bits, i)) stale++;
  if (stale === 0) return series;
  const timestamps = new Float64Array(count - stale);
  const values = new Float64Array(count - stale);
  let next = 0;
  for (let i = 0; i < count; i++) {
    if (isStaleAt(bits, i)) continue;
    timestamps[next] = series.timestamps[i] as number;
    values[next++] = series.values[i] as number;
  }
  return { timestamps, values };
}
