/** The ends of a value axis. */
export interface SparkScale {
  readonly min: number;
  readonly max: number;
}

/** An axis that holds all finite values and the limit, with some room, so that neither lies on the edge. */
export function sparkScale(values: Iterable<number>, limit: number): SparkScale {
  let min = limit;
  let max = limit;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const room = max > min ? (max - min) * 0.12 : Math.max(1, Math.abs(max) * 0.5);
  return { min: min - room, max: max + room };
}

/** A line through the values as an SVG path; a value that is no number is a gap. */
export function sparkPath(
  timestamps: readonly number[],
  values: ArrayLike<number>,
  scale: SparkScale,
  size: { readonly width: number; readonly height: number; readonly start: number; readonly end: number },
): string {
  let path = '';
  let isOpen = false;
  for (const [index, at] of timestamps.entries()) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) {
      isOpen = false;
      continue;
    }
    const x = ((at - size.start) / (size.end - size.start)) * size.width;
    const y = size.height - ((value - scale.min) / (scale.max - scale.min)) * size.height;
    path += `${isOpen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    isOpen = true;
  }
  return path;
}
