/** Memory into which answers are read, used again and again: fresh memory for each would keep the garbage collector busy. */
export interface BodyMemory {
  /** Where the system puts what it reads, until the next read. */
  readBuffer(): Buffer;
  /** At least so many bytes, holding anything. */
  take(sizeBytes: number): Buffer;
  /** For another answer; must not be looked at any more. What was not taken here is left alone. */
  giveBack(bytes: Buffer): void;
}

const READ_BYTES = 64 * 1024;
const SMALLEST_BYTES = 16 * 1024;
/** What is kept: enough for a few answers at once; the memory of a giant or of a crowd is let go. */
const MOST_KEPT = 4;
const LARGEST_KEPT_BYTES = 4 * 1024 * 1024;

export function createBodyMemory(): BodyMemory {
  // Reads happen one after another, except on Windows, where the system may fill several buffers at the same time.
  const shared = process.platform === 'win32' ? null : Buffer.allocUnsafeSlow(READ_BYTES);
  const kept: Buffer[] = [];
  /** A buffer from elsewhere may be a part of memory that others use. */
  const own = new WeakSet<ArrayBufferLike>();
  return {
    readBuffer: () => shared ?? Buffer.allocUnsafeSlow(READ_BYTES),
    take(sizeBytes) {
      const index = kept.findIndex(({ length }) => length >= sizeBytes);
      const [found] = index < 0 ? [] : kept.splice(index, 1);
      // Room to grow, so that a body that is a little longer each time does not ask each time.
      if (found !== undefined) return found;
      const fresh = Buffer.allocUnsafeSlow(Math.max(SMALLEST_BYTES, Math.ceil(sizeBytes * 1.125)));
      own.add(fresh.buffer);
      return fresh;
    },
    giveBack(bytes) {
      if (!own.has(bytes.buffer)) return;
      const whole = Buffer.from(bytes.buffer);
      if (whole.length > LARGEST_KEPT_BYTES || kept.some(({ buffer }) => buffer === whole.buffer)) return;
      kept.push(whole);
      if (kept.length <= MOST_KEPT) return;
      kept.sort((a, b) => b.length - a.length).pop();
    },
  };
}
