/** Longer lines are cut to this many bytes. */
export const MAX_LINE_BYTES = 256 * 1024;

const LINE_FEED = 0x0a;

/** @param endOffset place in the file after the line and its break */
export type TakeLine = (text: string, endOffset: number) => void;

/**
 * Cuts chunks of a file into lines. Bytes are cut before they are decoded, so a character that lies across two chunks
 * stays whole; bytes that are no UTF-8 become U+FFFD. A carriage return before the line feed goes, and so do NUL bytes at
 * the start, which a file has that was truncated under a writer.
 */
export class LineSplitter {
  /** Place in the file after the last line given out. */
  #endOffset: number;
  #carry: Buffer[] = [];
  #carriedBytes = 0;
  #droppedBytes = 0;

  constructor(startOffset: number) {
    this.#endOffset = startOffset;
  }

  push(chunk: Buffer, take: TakeLine): void {
    let at = 0;
    if (this.#carriedBytes > 0) {
      const first = chunk.indexOf(LINE_FEED);
      this.#keep(first < 0 ? chunk : chunk.subarray(0, first));
      if (first < 0) return;
      this.#finish(1, take);
      at = first + 1;
    }
    const last = chunk.lastIndexOf(LINE_FEED);
    if (last >= at) this.#splitWhole(chunk.subarray(at, last + 1), take);
    if (last + 1 < chunk.length) this.#keep(chunk.subarray(Math.max(at, last + 1)));
  }

  /** Give out what there is of an unfinished line. What comes of it later is a line of its own. */
  flushPartial(take: TakeLine): void {
    if (this.#carriedBytes > 0) this.#finish(0, take);
  }

  /** Whole lines. As many characters as bytes means that offsets are the same, and the text can be cut at once. */
  #splitWhole(bytes: Buffer, take: TakeLine): void {
    const text = bytes.toString('utf8');
    const isBytewise = text.length === bytes.length;
    for (let at = 0; at < bytes.length;) {
      const end = isBytewise ? text.indexOf('\n', at) : bytes.indexOf(LINE_FEED, at);
      if (end - at > MAX_LINE_BYTES) {
        this.#keep(bytes.subarray(at, end));
        this.#finish(1, take);
      } else {
        this.#give(isBytewise ? text.slice(at, end) : bytes.toString('utf8', at, end), end + 1 - at, take);
      }
      at = end + 1;
    }
  }

  #keep(bytes: Buffer): void {
    const room = MAX_LINE_BYTES - (this.#carriedBytes - this.#droppedBytes);
    // The chunk's memory is read into again, so what outlives this call is copied.
    if (room > 0) this.#carry.push(Buffer.from(bytes.subarray(0, room)));
    this.#carriedBytes += bytes.length;
    this.#droppedBytes += Math.max(0, bytes.length - Math.max(0, room));
  }

  #finish(breakBytes: number, take: TakeLine): void {
    let bytes = Buffer.concat(this.#carry);
    const total = this.#carriedBytes;
    const isCut = this.#droppedBytes > 0;
    this.#carry = [];
    this.#carriedBytes = 0;
    this.#droppedBytes = 0;
    if (isCut) bytes = bytes.subarray(0, characterEnd(bytes));
    const text = bytes.toString('utf8');
    this.#give(isCut ? `${text} … [cut: the line has ${String(total)} bytes]` : text, total + breakBytes, take);
  }

  #give(text: string, sizeBytes: number, take: TakeLine): void {
    const isFirst = this.#endOffset === 0;
    this.#endOffset += sizeBytes;
    let line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (isFirst && line.startsWith('\uFEFF')) line = line.slice(1);
    if (line.startsWith('\0')) line = line.replace(/^\0+/, '');
    take(line, this.#endOffset);
  }
}

/** Where the last whole UTF-8 character ends. */
function characterEnd(bytes: Buffer): number {
  let start = bytes.length - 1;
  while (start > bytes.length - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  const lead = bytes[start] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + length <= bytes.length ? bytes.length : start;
}
