/**
 * What the lines of one target meant last time. Between two scrapes of a target nearly every line differs in its value
 * alone, so that the text before the value (or the whole of a comment) finds the series without being read again. Lines
 * keep their order, so that the expected one is compared in place and no key is even cut out.
 */
export interface LineCache<T> {
  order: CachedLine<T>[];
  readonly byText: Map<string, CachedLine<T>>;
}

export interface CachedLine<T> {
  /** A series without its value, or a whole comment; one character per byte. */
  readonly text: string;
  /** Null for a comment. */
  readonly series: T | null;
  /** Place in the order of the scrape before; -1 when it was not there. */
  position: number;
}

export function createLineCache<T>(): LineCache<T> {
  return { order: [], byText: new Map() };
}

/**
 * Replace the order after a scrape whose lines differed, and forget the lines that are gone.
 *
 * @returns whether a comment is among them
 */
export function reorderLines<T>(cache: LineCache<T>, order: CachedLine<T>[]): boolean {
  let hasLostComment = false;
  for (const line of cache.byText.values()) line.position = -1;
  for (const [position, line] of order.entries()) line.position = position;
  for (const [text, line] of cache.byText) {
    if (line.position >= 0) continue;
    cache.byText.delete(text);
    if (line.series === null) hasLostComment = true;
  }
  cache.order = order;
  return hasLostComment;
}

/** A copy that does not keep the body alive from which it was cut. */
export function detachText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
