import type { Fingerprint } from './file-identity.ts';

/** What is remembered of a file between two runs, and of files that went for a while. */
export interface Checkpoint {
  readonly source: string;
  readonly path: string;
  /** Device and inode. */
  readonly fileKey: string;
  readonly fingerprint: Fingerprint;
  /** Everything before this place is in the store. */
  readonly offset: number;
  /** When it was last written. */
  readonly atMs: number;
}

const PREFIX = 'tail/';

/** @param opening tells apart the lives of one file: it begins anew each time it is truncated */
export function checkpointKey(source: string, fileKey: string, opening: number): string {
  return `${PREFIX}${source}/${fileKey}/${opening.toString(36)}`;
}

export function openingOf(key: string): number {
  return parseInt(key.slice(key.lastIndexOf('/') + 1), 36);
}

export function isCheckpointKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

export function formatCheckpoint(checkpoint: Checkpoint): string {
  return JSON.stringify(checkpoint);
}

/** @returns null for a text that is no checkpoint: of an older version, for one */
export function parseCheckpoint(text: string): Checkpoint | null {
  try {
    const value = JSON.parse(text) as Partial<Checkpoint>;
    const isWhole =
      typeof value.source === 'string' &&
      typeof value.path === 'string' &&
      typeof value.fileKey === 'string' &&
      typeof value.fingerprint?.hash === 'string' &&
      typeof value.fingerprint.bytes === 'number' &&
      typeof value.offset === 'number' &&
      typeof value.atMs === 'number';
    return isWhole ? (value as Checkpoint) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
