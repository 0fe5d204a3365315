import type { FileHandle } from 'node:fs/promises';
import { stat } from 'node:fs/promises';
import type { LogSourceConfig } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import { openingOf } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { beginsAs, fileKey, isTelling } from './file-identity.ts';
import { findFiles, findRotated, isGone } from './find-files.ts';
import type { Match, RememberedFiles } from './remembered-files.ts';
import { TailedFile, lastLineStart, openRegular } from './tailed-file.ts';
import type { Place } from './tailed-file.ts';

export interface FileProblem {
  readonly source: LogSourceConfig;
  /** The file, or the source's first pattern when it could not be looked through at all. */
  readonly path: string;
  readonly message: string;
}

/** A file of a source that was never read before is read from its beginning up to this size, and from its end above. */
const READ_WHOLE_BELOW_BYTES = 16 * 1024 * 1024;
/** How long a file that begins like one being read may turn out to be its copy, with the original truncated next. */
const COPY_WAIT_MS = 10_000;

/** The files that are followed, and how they are found: at their place, renamed, copied, or known from the last run. */
export class FollowedFiles {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #remembered: RememberedFiles;
  readonly #problems = new Map<string, FileProblem>();
  readonly #scanned = new Set<string>();
  readonly #copiesSeenAt = new Map<string, number>();
  #files: TailedFile[] = [];

  constructor(remembered: RememberedFiles, clock: Clock, log: Log) {
    this.#remembered = remembered;
    this.#clock = clock;
    this.#log = log;
  }

  get all(): readonly TailedFile[] {
    return this.#files;
  }

  /** What can't be read, besides what a followed file says of itself. */
  get problems(): readonly FileProblem[] {
    return [...this.#problems.values()];
  }

  /** Close files and forget that they were followed. */
  async drop(files: readonly TailedFile[]): Promise<void> {
    this.#files = this.#files.filter((file) => !files.includes(file));
    for (const file of files) await file.close();
  }

  /** The next look at sources is a first one: what was rotated in the meantime is looked for. */
  startOver(): void {
    this.#scanned.clear();
    this.#problems.clear();
  }

  /** Look for files of a source that are new, or gone from their place. */
  async scan(source: LogSourceConfig): Promise<void> {
    const pattern = source.files[0] ?? '';
    await this.guarded(source, pattern, async () => {
      const isFirst = !this.#scanned.has(source.name);
      const isNewSource = isFirst && this.#remembered.of(source.name).length === 0;
      const seen = new Set<string>();
      for (const path of await findFiles(source.files)) {
        await this.guarded(source, path, async () => {
          const key = await keyOf(path);
          if (key === null || seen.has(key)) return;
          seen.add(key);
          const known = this.#find(source, key);
          if (known === undefined) return this.#adopt(source, path, isNewSource);
          if (known.path !== path && (await known.isMoved())) known.path = path;
          known.leftAtMs = null;
        });
      }
      for (const file of this.#files) {
        if (file.source.name === source.name && !seen.has(file.fileKey)) file.leftAtMs ??= this.#clock.now();
      }
      this.#scanned.add(source.name);
      if (isFirst) await this.#finishOldLives(source);
    });
  }

  /**
   * Follow the rest of a file that was rotated away, under its new name or in the copy that was made of it.
   *
   * @returns whether there is a rest
   */
  async followRotated(source: LogSourceConfig, { key: oldKey, checkpoint: old }: Match): Promise<boolean> {
    for (const path of await findRotated(old.path)) {
      const key = await keyOf(path);
      if (key === null || this.#find(source, key) !== undefined) continue;
      if (key !== old.fileKey && !isTelling(old.fingerprint)) continue;
      const opened = await openRegular(path);
      if (opened === null) continue;
      const hasRest = opened.sizeBytes > old.offset && (await beginsAs(opened.handle, old.fingerprint));
      if (!hasRest || this.#isReadFurther(source, opened.fileKey, old)) {
        await opened.handle.close();
        continue;
      }
      const nowMs = this.#clock.now();
      const opening = opened.fileKey === old.fileKey ? openingOf(oldKey) : nowMs;
      const place: Place = { source, path, fileKey: opened.fileKey, opening, offset: old.offset };
      const file = await this.#follow(place, opened.handle);
      file.leftAtMs = nowMs;
      return true;
    }
    return false;
  }

  /** One unreadable file stops no other. It is tried again, and named in the log once for each reason. */
  async guarded(source: LogSourceConfig, path: string, run: () => Promise<void>): Promise<void> {
    const key = `${source.name}\0${path}`;
    try {
      await run();
      this.#problems.delete(key);
    } catch (error) {
      if (!(error instanceof Error) || !('syscall' in error)) throw error;
      const { message } = error;
      if (this.#problems.get(key)?.message !== message) {
        this.#log('warn', `Log source "${source.name}" can't read "${path}": ${message}`, {
          source: source.name,
          file: path,
        });
      }
      this.#problems.set(key, { source, path, message });
    }
  }

  /** Begin to follow a file at the right place. */
  async #adopt(source: LogSourceConfig, path: string, isNewSource: boolean): Promise<void> {
    const opened = await openRegular(path);
    if (opened === null) return;
    const { handle, sizeBytes } = opened;
    const nowMs = this.#clock.now();
    const place: Place = { source, path, fileKey: opened.fileKey, opening: nowMs, offset: 0 };
    const same = await this.#remembered.findSame(source.name, opened.fileKey, handle, sizeBytes);
    if (same !== null) {
      await this.#follow({ ...place, opening: openingOf(same.key), offset: same.checkpoint.offset }, handle);
      return;
    }
    const copied = await this.#remembered.findCopied(source.name, handle);
    const isOfLive =
      this.#files.some((file) => file.checkpointKey === copied?.key) || (await this.#beginsLikeLive(source, handle));
    if (isOfLive && nowMs - (this.#copiesSeenAt.get(path) ?? nowMs) < COPY_WAIT_MS) {
      if (!this.#copiesSeenAt.has(path)) this.#copiesSeenAt.set(path, nowMs);
      await handle.close();
      return;
    }
    this.#copiesSeenAt.delete(path);
    if (copied !== null && !isOfLive) {
      await this.#follow({ ...place, offset: Math.min(copied.checkpoint.offset, sizeBytes) }, handle);
      return;
    }
    const isOld = isNewSource && sizeBytes >= READ_WHOLE_BELOW_BYTES;
    await this.#follow({ ...place, offset: isOld ? await lastLineStart(handle, sizeBytes) : 0 }, handle);
  }

  async #beginsLikeLive(source: LogSourceConfig, handle: FileHandle): Promise<boolean> {
    for (const file of this.#files) {
      if (file.source.name !== source.name || file.leftAtMs !== null || !isTelling(file.fingerprint)) continue;
      if (await beginsAs(handle, file.fingerprint)) return true;
    }
    return false;
  }

  /** What was rotated while the program was not running. */
  async #finishOldLives(source: LogSourceConfig): Promise<void> {
    for (const old of this.#remembered.of(source.name)) {
      if (!this.#files.some((file) => file.checkpointKey === old.key)) await this.followRotated(source, old);
    }
  }

  /** Whether a file has a checkpoint of its own that is beyond that of the file it was copied from. */
  #isReadFurther(source: LogSourceConfig, key: string, original: Checkpoint): boolean {
    return this.#remembered
      .of(source.name)
      .some(({ checkpoint }) => checkpoint.fileKey === key && checkpoint.offset > original.offset);
  }

  #find(source: LogSourceConfig, key: string): TailedFile | undefined {
    return this.#files.find((file) => file.fileKey === key && file.source.name === source.name);
  }

  async #follow(place: Place, handle: FileHandle): Promise<TailedFile> {
    const file = await TailedFile.follow(place, handle, this.#clock.now());
    this.#files.push(file);
    return file;
  }
}

async function keyOf(path: string): Promise<string | null> {
  try {
    const stats = await stat(path, { bigint: true });
    return stats.isFile() ? fileKey(stats) : null;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}
