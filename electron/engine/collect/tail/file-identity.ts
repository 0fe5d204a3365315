import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** How the first bytes of a file are, to know it again when its name or inode changed, or its inode is another's now. */
export interface Fingerprint {
  /** How many bytes were looked at: all there were, up to 1,024. */
  readonly bytes: number;
  readonly hash: string;
}

const MAX_BYTES = 1024;
/** Shorter beginnings are too often the same: a banner, a header line. */
const MIN_TELLING_BYTES = 64;

/** Device and inode, which a rename keeps. Inodes of Windows and of some network drives pass 2⁵³, hence text. */
export function fileKey(stats: BigIntStats): string {
  return `${String(stats.dev)}:${String(stats.ino)}`;
}

export function takeFingerprint(handle: FileHandle): Promise<Fingerprint> {
  return hashStart(handle, MAX_BYTES);
}

/** Whether more can be learnt of a file of this size. */
export function canGrow(fingerprint: Fingerprint, sizeBytes: number): boolean {
  return fingerprint.bytes < MAX_BYTES && sizeBytes > fingerprint.bytes;
}

/** Whether the file begins as it did. An empty fingerprint fits every file. */
export async function beginsAs(handle: FileHandle, fingerprint: Fingerprint): Promise<boolean> {
  const found = await hashStart(handle, fingerprint.bytes);
  return found.bytes === fingerprint.bytes && found.hash === fingerprint.hash;
}

/** Whether the fingerprint is long enough to name a file by it alone. */
export function isTelling(fingerprint: Fingerprint): boolean {
  return fingerprint.bytes >= MIN_TELLING_BYTES;
}

async function hashStart(handle: FileHandle, bytes: number): Promise<Fingerprint> {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(buffer, filled, bytes - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return { bytes: filled, hash: createHash('sha1').update(buffer.subarray(0, filled)).digest('base64url') };
}
