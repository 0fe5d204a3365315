import type { TextPiece } from './reply.ts';

/** Puts pieces of text together as bytes (UTF-8), in memory that is used again and again. */
export class PieceWriter {
  readonly #usualBytes: number;
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param usualBytes what one filling mostly takes; more is made room for, and given back after it */
  constructor(usualBytes: number) {
    this.#usualBytes = usualBytes;
    this.#bytes = new Uint8Array(0);
  }

  /** Add pieces until there are at least so many bytes. @returns whether there are no more pieces */
  fill(pieces: Iterator<TextPiece>, atLeastBytes: number): boolean {
    while (this.#length < atLeastBytes) {
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
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    if (this.#bytes.length > this.#usualBytes) this.#bytes = new Uint8Array(0);
    return taken;
  }

  /** How many bytes were written so far. */
  get length(): number {
    return this.#length;
  }

  /** Like {@link take}, as a text that has a character for each byte (Latin-1). */
  takeText(): string {
    const text = Buffer.from(this.#bytes.buffer, 0, this.#length).toString('latin1');
    this.#length = 0;
    return text;
  }

  /** Forget what was written so far. */
  clear(): void {
    this.#length = 0;
  }

  #reserve(moreBytes: number): void {
    const needed = this.#length + moreBytes;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2, Math.min(this.#usualBytes, 4096)));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
