/** A series as two columns of equal length: epoch milliseconds, ascending, and values; NaN is a gap. */
export interface Columns {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The first index whose time is `at` or later; the length when there is none. O(log n). */
export function indexFrom(x: Float64Array, at: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((x[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The value nearest to a moment, or null when the nearest is a gap or further away than `withinMs`.
 */
export function valueNear(columns: Columns, at: number, withinMs: number): { at: number; value: number } | null {
  const { x, y } = columns;
  const after = indexFrom(x, at);
  const before = after - 1;
  const nearest =
    after >= x.length || (before >= 0 && at - (x[before] as number) <= (x[after] as number) - at) ? before : after;
  const time = x[nearest];
  const value = y[nearest];
  if (time === undefined || value === undefined || Number.isNaN(value) || Math.abs(time - at) > withinMs) return null;
  return { at: time, value };
}

/** The last value that is not a gap; null when there is none. */
export function lastValue(columns: Columns): { at: number; value: number } | null {
  for (let i = columns.y.length - 1; i >= 0; i--) {
    const value = columns.y[i] as number;
    if (!Number.isNaN(value)) return { at: columns.x[i] as number, value };
  }
  return null;
}

/** The smallest and the largest finite value within a span; null when there is none. */
export function extent(columns: Columns, start: number, end: number): { min: number; max: number } | null {
  let min = Infinity;
  let max = -Infinity;
  const { x, y } = columns;
  for (let i = indexFrom(x, start); i < x.length && (x[i] as number) <= end; i++) {
    const value = y[i] as number;
    if (value < min && value !== -Infinity) min = value;
    if (value > max && value !== Infinity) max = value;
  }
  return min <= max ? { min, max } : null;
}

/**
 * The columns with newer points put at the end and those before `start` left out. Of a time that both have, the newer
 * value counts. One point before `start` is kept, so that the line reaches the edge of the chart.
 */
export function appendColumns(older: Columns, newer: Columns, start: number): Columns {
  const first = newer.x[0];
  const keepTo = first === undefined ? older.x.length : indexFrom(older.x, first);
  const keepFrom = Math.min(keepTo, Math.max(0, indexFrom(older.x, start) - 1));
  const x = new Float64Array(keepTo - keepFrom + newer.x.length);
  const y = new Float64Array(x.length);
  x.set(older.x.subarray(keepFrom, keepTo));
  y.set(older.y.subarray(keepFrom, keepTo));
  x.set(newer.x, keepTo - keepFrom);
  y.set(newer.y, keepTo - keepFrom);
  return { x, y };
}
