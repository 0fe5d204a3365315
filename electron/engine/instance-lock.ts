import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

const noteSchema = z.object({ pid: z.number().int(), url: z.string().nullable() });
export type InstanceNote = z.infer<typeof noteSchema>;

export interface InstanceLock {
  /** Leave word for the command line: where this instance answers. */
  announce(url: string | null): void;
  release(): void;
}

/**
 * Take a data directory for this process; null when another instance has it. Two engines on one store would damage it.
 *
 * The lock is SQLite's own on a small file: the system drops it when the process ends in whatever way, so there are no
 * stale locks and no process ids to guess about.
 */
export function lockDataDirectory(dataDirectory: string): InstanceLock | null {
  const db = new DatabaseSync(join(dataDirectory, 'lock'));
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
  const note = noteFile(dataDirectory);
  return {
    announce(url) {
      writeFileSync(note, JSON.stringify({ pid: process.pid, url } satisfies InstanceNote));
    },
    release() {
      rmSync(note, { force: true });
      db.close();
    },
  };
}

const SQLITE_BUSY = 5;

/** What the instance on a data directory has announced; null when there is none or its note is unreadable. */
export function readInstanceNote(dataDirectory: string): InstanceNote | null {
  let text: string;
  try {
    text = readFileSync(noteFile(dataDirectory), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
  const parsed = noteSchema.safeParse(safeJson(text));
  return parsed.success ? parsed.data : null;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A note cut short by a kill is no note.
    return null;
  }
}

function noteFile(dataDirectory: string): string {
  return join(dataDirectory, 'instance.json');
}
