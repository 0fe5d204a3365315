import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LogType } from '../../config/configuration.ts';
import { DayFile } from './day-file.ts';
import type { DayFileOptions } from './day-file.ts';

export const DAY_MS = 86_400_000;

/** Open databases kept at once; more would only cost file handles, as most questions are about the last days. */
const MAX_OPEN = 48;
const NAME = /^(application|error|business|access)-(\d{4}-\d{2}-\d{2})\.db$/;
const SIDE_FILES = ['', '-wal', '-shm'] as const;

/** The folder of day files, `<type>-<YYYY-MM-DD>.db`. */
export class DayFiles {
  readonly #directory: string;
  readonly #options: DayFileOptions;
  readonly #files = new Map<string, DayFile>();
  /** Names of files with an open database, longest unused first. */
  readonly #recent = new Set<string>();

  constructor(directory: string, options: DayFileOptions) {
    this.#directory = directory;
    this.#options = options;
    mkdirSync(directory, { recursive: true });
    for (const name of readdirSync(directory)) {
      const match = NAME.exec(name);
      const day = Date.parse(`${match?.[2] ?? ''}T00:00:00Z`) / DAY_MS;
      if (match !== null && Number.isInteger(day)) {
        this.#files.set(name, new DayFile(join(directory, name), match[1] as LogType, day, options));
      }
    }
  }

  /** Every file, in no particular order. Opens none. */
  all(): readonly DayFile[] {
    return [...this.#files.values()];
  }

  /** The file of a day, if there is one, ready to be read. */
  find(type: LogType, day: number): DayFile | null {
    const name = fileName(type, day);
    const file = this.#files.get(name) ?? null;
    if (file !== null) this.#use(name);
    return file;
  }

  /** The file of a day, made when there is none. */
  make(type: LogType, day: number): DayFile {
    const name = fileName(type, day);
    if (!this.#files.has(name)) {
      this.#files.set(name, new DayFile(join(this.#directory, name), type, day, this.#options));
    }
    this.#use(name);
    return this.#files.get(name) as DayFile;
  }

  sizeBytes(file: DayFile): number {
    let sizeBytes = 0;
    for (const suffix of SIDE_FILES) sizeBytes += statSync(file.path + suffix, { throwIfNoEntry: false })?.size ?? 0;
    return sizeBytes;
  }

  /** Close a file and delete it from the disk. */
  remove(file: DayFile): void {
    const name = fileName(file.type, file.day);
    file.close();
    this.#files.delete(name);
    this.#recent.delete(name);
    for (const suffix of SIDE_FILES) rmSync(file.path + suffix, { force: true });
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#recent.clear();
  }

  #use(name: string): void {
    this.#recent.delete(name);
    this.#recent.add(name);
    for (const oldest of this.#recent) {
      if (this.#recent.size <= MAX_OPEN) return;
      this.#recent.delete(oldest);
      this.#files.get(oldest)?.close();
    }
  }
}

function fileName(type: LogType, day: number): string {
  return `${type}-${new Date(day * DAY_MS).toISOString().slice(0, 10)}.db`;
}
