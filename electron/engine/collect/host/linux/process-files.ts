import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that a process moved to and from disks. Source: proc_pid_io(5). */
export interface ProcessIo {
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** Null for processes of other users, and for one that has ended. @param directory /proc/N */
export function readProcessIo(directory: string): ProcessIo | null {
  const text = readOwn(() => readFileSync(join(directory, 'io'), 'latin1'));
  if (text === null) return null;
  const number = (word: string) => Number(new RegExp(`^${word}: (\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { readBytes: number('read_bytes'), writtenBytes: number('write_bytes') };
}

/** Open files of a process; null for those of other users. */
export function countOpenFiles(directory: string): number | null {
  return readOwn(() => readdirSync(join(directory, 'fd')).length);
}

/** The arguments with blanks between them; null when the process has ended, empty for a kernel thread. */
export function readCommandLine(directory: string): string | null {
  const text = readOwn(() => readFileSync(join(directory, 'cmdline'), 'utf8'));
  return text === null ? null : text.replaceAll('\u0000', ' ').trimEnd();
}

function readOwn<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
