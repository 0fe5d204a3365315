import type { FileHandle } from 'node:fs/promises';
import { isCheckpointKey, openingOf, parseCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { beginsAs, isTelling } from './file-identity.ts';

/** Longer than a weekly rotation; older ones would only slow the search down. */
const FORGET_AFTER_MS = 8 * 86_400_000;

/** What is known of files that were read before: those that are followed now, and those that went. */
export class RememberedFiles {
  readonly #byKey = new Map<string, Checkpoint>();
  /** Keys of checkpoints that are too old or can't be read, to be deleted. */
  readonly expiredKeys: readonly string[];

  constructor(saved: ReadonlyMap<string, string>, nowMs: number) {
    const expiredKeys: string[] = [];
    for (const [key, text] of saved) {
      if (!isCheckpointKey(key)) continue;
      const checkpoint = parseCheckpoint(text);
      if (checkpoint === null || checkpoint.atMs < nowMs - FORGET_AFTER_MS) expiredKeys.push(key);
      else this.#byKey.set(key, checkpoint);
    }
    this.expiredKeys = expiredKeys;
  }

  set(key: string, checkpoint: Checkpoint): void {
    this.#byKey.set(key, checkpoint);
  }

  /** Those of a source, last written first. */
  of(source: string): Match[] {
    return [...this.#byKey]
      .filter(([, checkpoint]) => checkpoint.source === source)
      .map(([key, checkpoint]) => ({ key, checkpoint }))
      .sort((a, b) => b.checkpoint.atMs - a.checkpoint.atMs || openingOf(b.key) - openingOf(a.key));
  }

  /** The last life of the file itself, if it goes on from there. */
  async findSame(source: string, fileKey: string, handle: FileHandle, sizeBytes: number): Promise<Match | null> {
    const [last] = this.of(source).filter(({ checkpoint }) => checkpoint.fileKey === fileKey);
    if (last === undefined || sizeBytes < last.checkpoint.offset) return null;
    return (await beginsAs(handle, last.checkpoint.fingerprint)) ? last : null;
  }

  /** A life of another file with the same beginning, of which this one is a copy. */
  async findCopied(source: string, handle: FileHandle): Promise<Match | null> {
    for (const match of this.of(source)) {
      const { fingerprint } = match.checkpoint;
      if (isTelling(fingerprint) && (await beginsAs(handle, fingerprint))) return match;
    }
    return null;
  }
}

export interface Match {
  readonly key: string;
  readonly checkpoint: Checkpoint;
}
