import { levelCode } from './block-codec.ts';
import type { BlockHead } from './block-codec.ts';
import { foldText } from './index-terms.ts';
import type { EntryKey, LogOrigin, StoredEntry } from './log-entry.ts';

/** Entries as columns, sealed or not; the texts are unpacked when they are first asked for. */
export class LogBlock {
  readonly head: BlockHead;
  readonly originOf: (originId: number) => LogOrigin;
  readonly #readBody: () => string;
  #body: string | null = null;
  #folded: string | null = null;

  constructor(head: BlockHead, originOf: (originId: number) => LogOrigin, readBody: () => string) {
    this.head = head;
    this.originOf = originOf;
    this.#readBody = readBody;
  }

  /** @param entries ordered by key */
  static ofEntries(entries: readonly StoredEntry[]): LogBlock {
    const origins = [...new Set(entries.map((entry) => entry.origin))];
    const ids = new Map(origins.map((origin, id) => [origin, id]));
    const { length } = entries;
    const head: BlockHead = {
      length,
      timestampsMs: Float64Array.from(entries, (entry) => entry.timestampMs),
      sequences: Float64Array.from(entries, (entry) => entry.sequence),
      levels: Uint8Array.from(entries, (entry) => levelCode(entry.level)),
      originIds: Uint32Array.from(entries, (entry) => ids.get(entry.origin) ?? 0),
      textEnds: new Uint32Array(length),
      fieldsEnds: new Uint32Array(length),
    };
    let end = 0;
    for (const [index, entry] of entries.entries()) head.textEnds[index] = end += entry.text.length;
    for (const [index, entry] of entries.entries()) head.fieldsEnds[index] = end += entry.fieldsJson.length;
    return new LogBlock(
      head,
      (id) => origins[id] as LogOrigin,
      () => entries.map((entry) => entry.text).join('') + entries.map((entry) => entry.fieldsJson).join(''),
    );
  }

  key(index: number): EntryKey {
    return { timestampMs: this.head.timestampsMs[index] ?? 0, sequence: this.head.sequences[index] ?? 0 };
  }

  origin(index: number): LogOrigin {
    return this.originOf(this.head.originIds[index] ?? 0);
  }

  textStart(index: number): number {
    return index === 0 ? 0 : (this.head.textEnds[index - 1] ?? 0);
  }

  text(index: number): string {
    return this.#unpacked().slice(this.textStart(index), this.head.textEnds[index]);
  }

  /** JSON of the fields that came with the entry, `''` for none. */
  fieldsJson(index: number): string {
    const { textEnds, fieldsEnds, length } = this.head;
    const start = index === 0 ? (textEnds[length - 1] ?? 0) : (fieldsEnds[index - 1] ?? 0);
    return this.#unpacked().slice(start, fieldsEnds[index]);
  }

  /** All texts in a row, folded, when folding kept every position; null when it did not. */
  foldedTexts(): string | null {
    if (this.#folded === null) {
      const end = this.head.textEnds[this.head.length - 1] ?? 0;
      this.#folded = foldText(this.#unpacked().slice(0, end));
    }
    return this.#folded.length === (this.head.textEnds[this.head.length - 1] ?? 0) ? this.#folded : null;
  }

  foldedText(index: number): string {
    return this.foldedTexts()?.slice(this.textStart(index), this.head.textEnds[index]) ?? foldText(this.text(index));
  }

  #unpacked(): string {
    return (this.#body ??= this.#readBody());
  }
}
