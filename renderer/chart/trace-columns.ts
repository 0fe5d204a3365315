import { indexFrom, type Columns } from './columns.ts';

/** Where the traced line goes; a canvas context is one. */
export interface LineSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** `pixel = offset + value * factor`, for both axes. */
export interface PixelScale {
  readonly xOffset: number;
  readonly xFactor: number;
  readonly yOffset: number;
  readonly yFactor: number;
}

export interface TraceOptions {
  readonly scale: PixelScale;
  readonly start: number;
  readonly end: number;
  /** A longer distance between two points is a gap, as is NaN. */
  readonly gapMs: number;
}

/**
 * Trace a series with at most four points per pixel column: the first, the smallest, the largest and the last value of
 * the column, so that no peak is lost however many points there are. A point alone between gaps becomes a short dash.
 * O(points in the span), no allocation.
 */
export function traceColumns(columns: Columns, { scale, start, end, gapMs }: TraceOptions, sink: LineSink): void {
  const { x, y } = columns;
  const { xOffset, xFactor, yOffset, yFactor } = scale;
  let pen = false;
  let alone = false;
  let column = 0;
  let low = 0;
  let high = 0;
  let last = 0;
  let several = false;
  let previousX = -Infinity;

  const finishColumn = (): void => {
    if (!several) return;
    if (low !== high) {
      sink.lineTo(column, low);
      sink.lineTo(column, high);
    }
    sink.lineTo(column, last);
    several = false;
  };
  const lift = (): void => {
    finishColumn();
    if (pen && alone) sink.lineTo(column + 1.5, last);
    pen = false;
  };

  // One point beyond each edge, so that the line leaves the chart instead of ending short of it.
  const from = Math.max(0, indexFrom(x, start) - 1);
  for (let i = from; i < x.length; i++) {
    const time = x[i] as number;
    const value = y[i] as number;
    if (Number.isNaN(value)) {
      lift();
      continue;
    }
    const px = Math.floor(xOffset + time * xFactor);
    const py = yOffset + value * yFactor;
    if (pen && time - previousX > gapMs) lift();
    previousX = time;
    if (!pen) {
      sink.moveTo(px, py);
      pen = true;
      alone = true;
      column = px;
      low = high = last = py;
    } else if (px === column) {
      if (py < low) low = py;
      if (py > high) high = py;
      last = py;
      several = true;
      alone = false;
    } else {
      finishColumn();
      sink.lineTo(px, py);
      column = px;
      low = high = last = py;
      alone = false;
    }
    if (time > end) break;
  }
  lift();
}
