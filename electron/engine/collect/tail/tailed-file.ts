import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import type { LogSourceConfig } from '../../config/configuration.ts';
import { EntryAssembler } from '../parse/entry-assembler.ts';
import type { AssembledEntry } from '../parse/entry-assembler.ts';
import type { LineFormat } from '../parse/parse-line.ts';
import { checkpointKey, formatCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { beginsAs, canGrow, fileKey, takeFingerprint } from './file-identity.ts';
import type { Fingerprint } from './file-identity.ts';
import { isGone } from './find-files.ts';
import { LineSplitter } from './line-splitter.ts';

/** What became of a file since it was last looked at; restarted: it is shorter, or begins in another way than it did. */
export type FileChange = 'none' | 'grown' | 'restarted';

/** An unfinished entry is closed when nothing came for this long. */
export const FLUSH_AFTER_MS = 500;
/** An unfinished line is taken as it is after this time: some programs never end their last line. */
export const FLUSH_PARTIAL_AFTER_MS = 5000;

/**
 * One file that is followed by its identity: it stays the same under another name, and its handle keeps it readable after
 * it was deleted. `offset` is where reading stands, `safeOffset` what is in finished entries.
 */
export class TailedFile {
  readonly source: LogSourceConfig;
  readonly fileKey: string;
  path: string;
  /** When its name was found gone or given to another file; null while it is at its place. */
  leftAtMs: number | null = null;
  lastGrowthMs: number;
  sizeBytes = 0;
  lines = 0;
  readonly #handle: FileHandle;
  #fingerprint: Fingerprint;
  #opening: number;
  #offset: number;
  #safeOffset: number;
  #savedOffset = -1;
  #splitter: LineSplitter;
  #assembler = new EntryAssembler();
  #finished: AssembledEntry[] = [];

  private constructor(place: Place, handle: FileHandle, fingerprint: Fingerprint, nowMs: number) {
    this.source = place.source;
    this.path = place.path;
    this.fileKey = place.fileKey;
    this.#handle = handle;
    this.#fingerprint = fingerprint;
    this.#opening = place.opening;
    this.#offset = place.offset;
    this.#safeOffset = place.offset;
    this.#splitter = new LineSplitter(place.offset);
    this.lastGrowthMs = nowMs;
  }

  /** Take over an open file at an offset that is the start of a line. */
  static async follow(place: Place, handle: FileHandle, nowMs: number): Promise<TailedFile> {
    return new TailedFile(place, handle, await takeFingerprint(handle), nowMs);
  }

  get offset(): number {
    return this.#offset;
  }

  get fingerprint(): Fingerprint {
    return this.#fingerprint;
  }

  get format(): LineFormat {
    return this.#assembler.format;
  }

  get checkpointKey(): string {
    return checkpointKey(this.source.name, this.fileKey, this.#opening);
  }

  /** Whether its name leads to it no more. */
  async isMoved(): Promise<boolean> {
    try {
      return fileKey(await stat(this.path, { bigint: true })) !== this.fileKey;
    } catch (error) {
      if (isGone(error)) return true;
      throw error;
    }
  }

  async look(): Promise<FileChange> {
    const { size } = await this.#handle.stat();
    this.sizeBytes = size;
    if (size < this.#offset) return 'restarted';
    if (size === this.#offset) return 'none';
    // Truncated and already longer again: the size says nothing, the beginning does.
    if (!(await beginsAs(this.#handle, this.#fingerprint))) return 'restarted';
    if (canGrow(this.#fingerprint, size)) this.#fingerprint = await takeFingerprint(this.#handle);
    return 'grown';
  }

  /**
   * Read once into the buffer and cut lines from it.
   *
   * @returns bytes read; 0 at the end
   */
  async read(buffer: Buffer, nowMs: number): Promise<number> {
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#offset);
    if (bytesRead === 0) return 0;
    this.#offset += bytesRead;
    this.sizeBytes = Math.max(this.sizeBytes, this.#offset);
    this.lastGrowthMs = nowMs;
    this.#splitter.push(buffer.subarray(0, bytesRead), (text, endOffset) => {
      this.#takeLine(text, endOffset, nowMs);
    });
    return bytesRead;
  }

  /** Close what has waited long enough, or all of it. */
  flush(nowMs: number, everything = false): void {
    const waitedMs = nowMs - this.lastGrowthMs;
    if (everything || waitedMs >= FLUSH_PARTIAL_AFTER_MS) {
      this.#splitter.flushPartial((text, endOffset) => {
        this.#takeLine(text, endOffset, nowMs);
      });
    }
    if (everything || waitedMs >= FLUSH_AFTER_MS || !this.#assembler.expectsMore) this.#finish(this.#assembler.flush());
  }

  /** The entries finished since the last call. */
  takeEntries(): AssembledEntry[] {
    const entries = this.#finished;
    this.#finished = [];
    return entries;
  }

  /** What to remember, when it is other than what was remembered before; call `saved` once it is. */
  checkpoint(nowMs: number): string | null {
    return this.#safeOffset === this.#savedOffset ? null : formatCheckpoint(this.remember(nowMs));
  }

  saved(): void {
    this.#savedOffset = this.#safeOffset;
  }

  remember(nowMs: number): Checkpoint {
    return {
      source: this.source.name,
      path: this.path,
      fileKey: this.fileKey,
      fingerprint: this.#fingerprint,
      offset: this.#safeOffset,
      atMs: nowMs,
    };
  }

  /** Begin at the start again, as another life of the same file. What was not finished is left where it is. */
  async restart(nowMs: number): Promise<void> {
    this.#opening = Math.max(nowMs, this.#opening + 1);
    this.#offset = 0;
    this.#safeOffset = 0;
    this.#savedOffset = -1;
    this.#splitter = new LineSplitter(0);
    this.#assembler.flush();
    this.#fingerprint = await takeFingerprint(this.#handle);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #takeLine(text: string, endOffset: number, nowMs: number): void {
    this.lines++;
    this.#finish(this.#assembler.push(text, endOffset, nowMs));
  }

  #finish(entry: AssembledEntry | null): void {
    if (entry === null) return;
    this.#finished.push(entry);
    this.#safeOffset = entry.endOffset;
  }
}

/** Where to begin. */
export interface Place {
  readonly source: LogSourceConfig;
  readonly path: string;
  readonly fileKey: string;
  readonly opening: number;
  readonly offset: number;
}

/** Open a regular file for reading; null when it is none or has gone. */
export async function openRegular(
  path: string,
): Promise<{ readonly handle: FileHandle; readonly fileKey: string; readonly sizeBytes: number } | null> {
  let handle: FileHandle;
  try {
    // A pipe without a writer would hold the open for ever.
    if (!(await stat(path)).isFile()) return null;
    handle = await open(path, 'r');
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
  const stats = await handle.stat({ bigint: true });
  return { handle, fileKey: fileKey(stats), sizeBytes: Number(stats.size) };
}

/** The place after the last line break within the last 64 KiB, or the end. */
export async function lastLineStart(handle: FileHandle, sizeBytes: number): Promise<number> {
  const start = Math.max(0, sizeBytes - 65_536);
  const buffer = Buffer.alloc(sizeBytes - start);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
  const last = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
  return last < 0 ? sizeBytes : start + last + 1;
}
