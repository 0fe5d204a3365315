import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { LogSink } from './log-sink.ts';
import type { TailedFile } from './tailed-file.ts';

/** Carries finished entries and checkpoints to the sink. While that fails, reading has to wait. */
export class EntryWriter {
  readonly #sink: LogSink;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Checkpoints of files that are followed no more, and those to forget. */
  readonly #others = new Map<string, string | null>();
  #uncommitted = 0;
  #problem: string | null = null;

  constructor(sink: LogSink, clock: Clock, log: Log) {
    this.#sink = sink;
    this.#clock = clock;
    this.#log = log;
  }

  /** Entries handed over since the last commit. */
  get uncommitted(): number {
    return this.#uncommitted;
  }

  /** Why the last commit failed; null when it did not. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Hand over what a file has finished. */
  take(file: TailedFile): void {
    const entries = file.takeEntries();
    if (entries.length === 0) return;
    const { name: source, type } = file.source;
    this.#sink.append(
      entries.map(({ timestampMs, level, text }) => ({ timestampMs, source, type, file: file.path, level, text })),
    );
    this.#uncommitted += entries.length;
  }

  /** Put a checkpoint into the next commit; null deletes it. */
  put(key: string, checkpoint: string | null): void {
    this.#others.set(key, checkpoint);
  }

  /**
   * Make what was taken durable, with the places up to which the files are done.
   *
   * @returns the files whose checkpoints were written; null when it failed
   */
  commit(files: readonly TailedFile[]): readonly TailedFile[] | null {
    const nowMs = this.#clock.now();
    const checkpoints = new Map(this.#others);
    const changed: TailedFile[] = [];
    for (const file of files) {
      const checkpoint = file.checkpoint(nowMs);
      if (checkpoint === null) continue;
      checkpoints.set(file.checkpointKey, checkpoint);
      changed.push(file);
    }
    if (this.#uncommitted === 0 && checkpoints.size === 0) return [];
    try {
      this.#sink.commit(checkpoints);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (this.#problem !== problem) {
        this.#log('error', `Log entries can't be written, so reading waits: ${problem}`, {
          entries: this.#uncommitted,
        });
      }
      this.#problem = problem;
      return null;
    }
    if (this.#problem !== null) this.#log('info', 'Log entries are written again.');
    this.#problem = null;
    this.#uncommitted = 0;
    this.#others.clear();
    for (const file of changed) file.saved();
    return changed;
  }
}
