import type { TextPiece } from './reply.ts';

/** Puts pieces of text together as bytes (UTF-8), in memory that is used again and again. */
export class PieceWriter {
  readonly #usualBytes: number;
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  /** Before it, everything was moved away already. */
  #start = 0;

  /** @param usualBytes what one filling mostly takes; more is made room for, and given back after it */
  constructor(usualBytes: number) {
    this.#usualBytes = usualBytes;
    this.#bytes = new Uint8Array(0);
  }

  /** Add pieces until there are at least so many bytes. @returns whether there are no more pieces */
  fill(pieces: Iterator<TextPiece>, atLeastBytes: number): boolean {
    while (this.length < atLeastBytes) {
      const piece = pieces.next();
      if (piece.done === true) return true;
      this.add(piece.value);
    }
    return false;
  }

  add(piece: TextPiece): void {
    if (typeof piece === 'string') {
      // A unit of UTF-16 takes up to three bytes.
      this.#reserve(piece.length * 3);
      this.#length += this.#encoder.encodeInto(piece, this.#bytes.subarray(this.#length)).written;
    } else {
      this.#reserve(piece.length);
      this.#bytes.set(piece, this.#length);
      this.#length += piece.length;
    }
  }

  /** What was written so far, in memory of its own; the writer is empty then. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(this.#start, this.#length);
    this.#empty();
    return taken;
  }

  /** How many bytes it holds. */
  get length(): number {
    return this.#length - this.#start;
  }

  /** Like {@link take}, as a text that has a character for each byte (Latin-1). */
  takeText(): string {
    const text = Buffer.from(this.#bytes.buffer, this.#start, this.length).toString('latin1');
    this.#empty();
    return text;
  }

  /** Move as much as there is room for into other memory, the oldest first. @returns how many bytes */
  moveTo(room: Uint8Array): number {
    const end = Math.min(this.#start + room.length, this.#length);
    const moved = end - this.#start;
    room.set(this.#bytes.subarray(this.#start, end));
    if (end === this.#length) this.#empty();
    else this.#start = end;
    return moved;
  }

  #empty(): void {
    this.#length = 0;
    this.#start = 0;
    if (this.#bytes.length > this.#usualBytes) this.#bytes = new Uint8Array(0);
  }

  #reserve(moreBytes: number): void {
    if (this.#length + moreBytes <= this.#bytes.length) return;
    const held = this.#bytes.subarray(this.#start, this.#length);
    this.#length -= this.#start;
    this.#start = 0;
    const needed = this.#length + moreBytes;
    if (needed <= this.#bytes.length) {
      this.#bytes.set(held);
      return;
    }
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2, Math.min(this.#usualBytes, 4096)));
    larger.set(held);
    this.#bytes = larger;
  }
}
