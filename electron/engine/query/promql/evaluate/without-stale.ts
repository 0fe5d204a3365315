import { bitsOf, isStaleAt } from '../../../../../shared/model/stale-marker.ts';
import type { SeriesColumns } from '../../../store/metrics/sample-source.ts';

type Samples = Pick<SeriesColumns, 'timestamps' | 'values' | 'weights'>;

/** The samples of a series, the markers of its ends taken out. */
export function withoutStale(series: Samples): Samples {
  const bits = bitsOf(series.values);
  const count = series.values.length;
  let stale = 0;
  const { values: given } = series;
  // A marker is a NaN, which is quicker to tell.
  for (let i = 0; i < count; i++) if (given[i] !== given[i] && isStaleAt(bits, i)) stale++;
  if (stale === 0) return series;
  const kept = (column: Float64Array): Float64Array => {
    const columnKept = new Float64Array(count - stale);
    let next = 0;
    for (let i = 0; i < count; i++) if (!isStaleAt(bits, i)) columnKept[next++] = column[i] as number;
    return columnKept;
  };
  const { timestamps, values, weights } = series;
  return {
    timestamps: kept(timestamps),
    values: kept(values),
    ...(weights === undefined ? {} : { weights: kept(weights) }),
  };
}
