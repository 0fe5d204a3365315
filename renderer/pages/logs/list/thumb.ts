/**
 * Chromium cuts an element at 33,554,428 device pixels: at 20 px a row and two device pixels to one, that is 838,860
 * rows. Above this many rows the scrolled element stays as tall as for this many, and the thumb stands for a share of
 * the lines; wheel and keys then move by lines.
 */
export const SCALED_ABOVE_ROWS = 250_000;

export interface ListSize {
  /** Lines in the whole result; an estimate until both ends were seen. */
  readonly total: number;
  /** CSS pixels. */
  readonly rowHeight: number;
  readonly viewHeight: number;
}

export function isScaled(size: ListSize): boolean {
  return size.total > SCALED_ABOVE_ROWS;
}

/** Height of everything that scrolls; never more than Chromium can hold at five device pixels to one. */
export function contentHeight({ total, rowHeight, viewHeight }: ListSize): number {
  return Math.max(viewHeight, Math.min(total, SCALED_ABOVE_ROWS) * rowHeight);
}

/** The line at the top when the last one stands at the bottom; a fraction of a line counts. */
export function lastTop({ total, rowHeight, viewHeight }: ListSize): number {
  return Math.max(0, total - viewHeight / rowHeight);
}

/** The line at the top for a scroll position; both ends map to both ends exactly. */
export function topOfScroll(size: ListSize, scrollTop: number): number {
  const most = contentHeight(size) - size.viewHeight;
  if (most <= 0 || scrollTop <= 0) return 0;
  // Fractions of device pixels keep some screens from reaching the very end.
  return scrollTop >= most - 1 ? lastTop(size) : (scrollTop / most) * lastTop(size);
}

/** The scroll position for a line at the top. */
export function scrollOfTop(size: ListSize, top: number): number {
  const last = lastTop(size);
  if (last <= 0) return 0;
  return (Math.min(Math.max(0, top), last) / last) * (contentHeight(size) - size.viewHeight);
}

/** The nearest line to put at the top so that `index` is in view, whole. */
export function topToShow(size: ListSize, top: number, index: number): number {
  const rows = Math.max(1, Math.floor(size.viewHeight / size.rowHeight));
  if (index < top) return index;
  return index > top + rows - 1 ? Math.min(lastTop(size), index - rows + 1) : top;
}
