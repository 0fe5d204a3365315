/** Columns for a chart; a gap is a NaN. */
export interface ReducedColumns {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/**
 * Reduce a series to what a chart can show: of each stretch of time the lowest and the highest value, at their own
 * times, and a NaN wherever a step is missing.
 *
 * @param series    ascending times in epoch milliseconds, only where there are points
 * @param maxPoints how many points may come back, at least 4
 * @param stepMs    the distance of the steps of the query; points further apart have a gap between them
 */
export function reduceColumns(series: ReducedColumns, maxPoints: number, stepMs: number): ReducedColumns {
  const spread = withGaps(series, stepMs);
  if (spread.timestamps.length <= maxPoints) return spread;
  const { timestamps, values } = spread;
  const count = timestamps.length;
  // A bucket gives at most two values and a gap.
  const buckets = Math.max(1, Math.floor(maxPoints / 3));
  const firstMs = timestamps[0] as number;
  const widthMs = ((timestamps[count - 1] as number) - firstMs + 1) / buckets;
  const reduced = { timestamps: new Float64Array(buckets * 3), values: new Float64Array(buckets * 3) };
  let used = 0;
  const push = (i: number): void => {
    reduced.timestamps[used] = timestamps[i] as number;
    reduced.values[used++] = values[i] as number;
  };
  for (let from = 0, bucket = 0; bucket < buckets && from < count; bucket++) {
    const endMs = firstMs + (bucket + 1) * widthMs;
    let to = from;
    while (to < count && (timestamps[to] as number) < endMs) to++;
    for (const i of extremes(values, from, to)) push(i);
    from = to;
  }
  return { timestamps: reduced.timestamps.slice(0, used), values: reduced.values.slice(0, used) };
}

/** Where the lowest value, the highest value and the first gap of a stretch are, in order of time. */
function extremes(values: Float64Array, from: number, to: number): number[] {
  let [lowest, highest, gap] = [-1, -1, -1];
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    if (value !== value) {
      if (gap < 0) gap = i;
      continue;
    }
    if (lowest < 0 || value < (values[lowest] as number)) lowest = i;
    if (highest < 0 || value > (values[highest] as number)) highest = i;
  }
  return [...new Set([lowest, highest, gap])].filter((i) => i >= 0).sort((a, b) => a - b);
}

function withGaps({ timestamps, values }: ReducedColumns, stepMs: number): ReducedColumns {
  const count = timestamps.length;
  let gaps = 0;
  const isGap = (i: number): boolean => (timestamps[i] as number) - (timestamps[i - 1] as number) > stepMs * 1.5;
  for (let i = 1; i < count; i++) if (isGap(i)) gaps++;
  if (gaps === 0) return { timestamps, values };
  const spread = { timestamps: new Float64Array(count + gaps), values: new Float64Array(count + gaps) };
  let next = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0 && isGap(i)) {
      spread.timestamps[next] = (timestamps[i - 1] as number) + stepMs;
      spread.values[next++] = NaN;
    }
    spread.timestamps[next] = timestamps[i] as number;
    spread.values[next++] = values[i] as number;
  }
  return spread;
}
