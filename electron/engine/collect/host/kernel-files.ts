import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads small kernel files again and again: each stays open, and all share one buffer. Only for files that the kernel
 * answers from memory (/proc counters), because the read is synchronous.
 */
export interface KernelFiles {
  /** The whole text. @throws the system error when the file cannot be read; it is opened anew the next time */
  read(path: string): string;
  close(): void;
}

const FIRST_BUFFER_BYTES = 32 * 1024;

/** @param root directory that holds `proc` and `sys`; `/` outside of tests */
export function openKernelFiles(root: string): KernelFiles {
  const descriptors = new Map<string, number>();
  let buffer = Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES);

  function forget(path: string, descriptor: number): void {
    descriptors.delete(path);
    closeSync(descriptor);
  }

  function readAll(descriptor: number): string {
    for (;;) {
      let length = 0;
      for (;;) {
        const count = readSync(descriptor, buffer, length, buffer.length - length, length);
        length += count;
        // Only a read of nothing is the end: the kernel may hand out a long file in parts.
        if (count === 0 || length === buffer.length) break;
      }
      if (length < buffer.length) return buffer.toString('utf8', 0, length);
      buffer = Buffer.allocUnsafeSlow(buffer.length * 2);
    }
  }

  return {
    read(path) {
      let descriptor = descriptors.get(path);
      if (descriptor === undefined) {
        descriptor = openSync(join(root, path), 'r');
        descriptors.set(path, descriptor);
      }
      try {
        return readAll(descriptor);
      } catch (error) {
        forget(path, descriptor);
        throw error;
      }
    },

    close() {
      for (const [path, descriptor] of descriptors) forget(path, descriptor);
    },
  };
}
