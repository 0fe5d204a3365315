import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface LogFileOptions {
  readonly directory: string;
  /** `vedette.log`; older ones become `vedette.log.1`, `vedette.log.2`. */
  readonly name: string;
  /** A file that would grow past this is set aside first. */
  readonly maxBytes: number;
  /** How many files are kept, the current one included. */
  readonly keep: number;
}

export interface LogFile {
  /** The file that is written now. */
  readonly path: string;
  write(line: string): void;
  close(): void;
}

/**
 * A log file that is rotated by size. Written at once and in order: what is logged before a crash must be there.
 *
 * @throws when the directory or the file cannot be made
 */
export function openLogFile({ directory, name, maxBytes, keep }: LogFileOptions): LogFile {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, name);
  let file = openSync(path, 'a', 0o600);
  let sizeBytes = fstatSync(file).size;

  function rotate(): void {
    closeSync(file);
    rmSync(`${path}.${keep - 1}`, { force: true });
    for (let age = keep - 2; age >= 0; age -= 1) {
      const from = age === 0 ? path : `${path}.${age}`;
      try {
        renameSync(from, `${path}.${age + 1}`);
      } catch (cause) {
        // A young installation has fewer files than it may keep.
        if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
      }
    }
    file = openSync(path, 'a', 0o600);
    sizeBytes = 0;
  }

  return {
    path,
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (sizeBytes > 0 && sizeBytes + bytes > maxBytes) rotate();
      writeSync(file, line);
      sizeBytes += bytes;
    },
    close() {
      closeSync(file);
    },
  };
}
