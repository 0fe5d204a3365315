import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

const PAGE_SIZE_ENTRY = 6n;
const USUAL_PAGE_BYTES = 4096;

/**
 * Size of a page of memory in bytes, from the auxiliary vector that the kernel hands to every process.
 * Source: getauxval(3), AT_PAGESZ. A machine without the file (a test's) has pages of the usual size.
 */
export function readPageBytes(path: string): number {
  try {
    const vector = readFileSync(path);
    const word = (at: number) => (endianness() === 'LE' ? vector.readBigUInt64LE(at) : vector.readBigUInt64BE(at));
    for (let at = 0; at + 16 <= vector.length; at += 16) if (word(at) === PAGE_SIZE_ENTRY) return Number(word(at + 8));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  return USUAL_PAGE_BYTES;
}
