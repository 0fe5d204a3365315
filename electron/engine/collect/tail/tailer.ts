import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogSourceConfig } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { EntryWriter } from './entry-writer.ts';
import { FollowedFiles } from './followed-files.ts';
import type { FileProblem } from './followed-files.ts';
import type { LogSink } from './log-sink.ts';
import { RememberedFiles } from './remembered-files.ts';
import type { TailedFile } from './tailed-file.ts';

export interface TailerOptions {
  readonly sink: LogSink;
  readonly clock: Clock;
  readonly log: Log;
}

export interface PassResult {
  /** Whether any file had something new. */
  readonly hasRead: boolean;
  /** Whether more is there than one pass reads, or a name leads to another file now: scan and come again at once. */
  readonly isUnfinished: boolean;
}

const CHUNK_BYTES = 256 * 1024;
/** About a second's work: between passes, sources may change and files be found. */
const PASS_BYTES = 16 * 1024 * 1024;
const COMMIT_ENTRIES = 4000;
/** A file that had nothing new for this long is looked at less often. */
const ACTIVE_FOR_MS = 10_000;
/** A writer may hold on to a renamed file until it is told to open the new one. */
const FOLLOW_AFTER_LEAVING_MS = 5000;

/**
 * Reads the files of log sources into a sink, one pass at a time when it is told to; it has no timers.
 *
 * Nothing is lost and nothing doubled: a checkpoint stands behind the last finished entry, and goes into the sink in one
 * step with the entries before it.
 */
export class Tailer {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #remembered: RememberedFiles;
  readonly #followed: FollowedFiles;
  readonly #writer: EntryWriter;
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #sources: readonly LogSourceConfig[] = [];
  #isInterrupted = false;

  constructor({ sink, clock, log }: TailerOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#remembered = new RememberedFiles(sink.checkpoints(), clock.now());
    this.#followed = new FollowedFiles(this.#remembered, clock, log);
    this.#writer = new EntryWriter(sink, clock, log);
    for (const key of this.#remembered.expiredKeys) this.#writer.put(key, null);
  }

  get files(): readonly TailedFile[] {
    return this.#followed.all;
  }

  get problems(): readonly FileProblem[] {
    return this.#followed.problems;
  }

  /** Follow these sources from now on. Files of the others are let go where reading stands. */
  async update(sources: readonly LogSourceConfig[]): Promise<void> {
    this.#commit();
    await this.#followed.drop(
      this.files.filter((file) => !sources.some((source) => isSameSource(source, file.source))),
    );
    this.#followed.startOver();
    this.#sources = sources;
  }

  /** Look for files that are new, or gone from their place. */
  async scan(): Promise<void> {
    for (const source of this.#sources) await this.#followed.scan(source);
  }

  /**
   * Read what is new, close what waited long enough, and commit.
   *
   * @param which `active` leaves files alone that had nothing new for a while: looking at a hundred of them costs more
   *   than reading the one that grows
   */
  async pass(which: 'all' | 'active' = 'all'): Promise<PassResult> {
    // Reading waits for the sink: what can't be written would only pile up.
    if (this.#writer.problem !== null && !this.#commit()) return { hasRead: false, isUnfinished: false };
    const fileCount = this.files.length;
    const leaving = this.files.filter((file) => file.leftAtMs !== null);
    const activeSinceMs = which === 'all' ? Number.NEGATIVE_INFINITY : this.#clock.now() - ACTIVE_FOR_MS;
    const staying = this.files.filter((file) => file.leftAtMs === null && file.lastGrowthMs >= activeSinceMs);
    // A rotated file is finished before the one in its place is begun.
    const first = await this.#read(leaving);
    const second = await this.#read(staying);
    const nowMs = this.#clock.now();
    for (const file of this.files) {
      file.flush(nowMs);
      this.#writer.take(file);
    }
    // Truncation may have brought in the copy of what was cut off.
    const hasNews = (await this.#noteMoved(staying, nowMs)) || this.files.length > fileCount;
    await this.#letGo(leaving, nowMs);
    this.#commit();
    return {
      hasRead: first.hasRead || second.hasRead,
      isUnfinished: first.isUnfinished || second.isUnfinished || hasNews,
    };
  }

  /** End the pass that runs as soon as it can, and read nothing more. */
  interrupt(): void {
    this.#isInterrupted = true;
  }

  /** Commit and close all files. What is not finished is read again next time. */
  async close(): Promise<void> {
    this.#commit();
    await this.#followed.drop(this.files);
  }

  async #read(files: readonly TailedFile[]): Promise<PassResult> {
    let ready: TailedFile[] = [];
    for (const file of files) {
      await this.#followed.guarded(file.source, file.path, async () => {
        const change = await file.look();
        if (change === 'restarted') await this.#restart(file);
        if (change !== 'none') ready.push(file);
      });
    }
    const hasRead = ready.length > 0;
    let leftBytes = PASS_BYTES;
    while (ready.length > 0 && leftBytes > 0 && this.#writer.problem === null && !this.#isInterrupted) {
      const more: TailedFile[] = [];
      for (const file of ready) {
        await this.#followed.guarded(file.source, file.path, async () => {
          const bytes = await file.read(this.#buffer, this.#clock.now());
          this.#writer.take(file);
          leftBytes -= bytes;
          if (bytes === this.#buffer.length) more.push(file);
        });
        if (this.#writer.uncommitted >= COMMIT_ENTRIES) this.#commit();
      }
      ready = more;
      await nextTurn();
    }
    return { hasRead, isUnfinished: ready.length > 0 && this.#writer.problem === null && !this.#isInterrupted };
  }

  /** The content is gone. If a copy was made, the rest is read there; else what is at hand is all there will be. */
  async #restart(file: TailedFile): Promise<void> {
    const key = file.checkpointKey;
    const isInCopy = await this.#followed.followRotated(file.source, {
      key,
      checkpoint: file.remember(this.#clock.now()),
    });
    if (!isInCopy) file.flush(this.#clock.now(), true);
    this.#writer.take(file);
    const old = file.remember(this.#clock.now());
    this.#remembered.set(key, old);
    this.#writer.put(key, formatCheckpoint(old));
    await file.restart(this.#clock.now());
    this.#log('info', `Log file "${file.path}" was truncated and is read from its start.`, { file: file.path });
  }

  async #noteMoved(files: readonly TailedFile[], nowMs: number): Promise<boolean> {
    let hasMoved = false;
    for (const file of files) {
      await this.#followed.guarded(file.source, file.path, async () => {
        if (!(await file.isMoved())) return;
        file.leftAtMs = nowMs;
        hasMoved = true;
      });
    }
    return hasMoved;
  }

  async #letGo(leaving: readonly TailedFile[], nowMs: number): Promise<void> {
    const done = leaving.filter(
      (file) => nowMs - Math.max(file.leftAtMs ?? nowMs, file.lastGrowthMs) >= FOLLOW_AFTER_LEAVING_MS,
    );
    for (const file of done) {
      file.flush(nowMs, true);
      this.#writer.take(file);
    }
    // Their checkpoints have to be written while they are still on the list.
    if (done.length > 0 && this.#commit()) await this.#followed.drop(done);
  }

  #commit(): boolean {
    const changed = this.#writer.commit(this.files);
    for (const file of changed ?? []) this.#remembered.set(file.checkpointKey, file.remember(this.#clock.now()));
    return changed !== null;
  }
}

function isSameSource(a: LogSourceConfig, b: LogSourceConfig): boolean {
  return a.name === b.name && a.type === b.type && a.files.join('\0') === b.files.join('\0');
}
