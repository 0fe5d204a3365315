import type { LogEntry } from '../../../../shared/contract/logs.ts';

/** Lines that came since the last look, and how many are in the store only: there were too many to hold. */
export interface Arrived {
  readonly entries: readonly LogEntry[];
  readonly skipped: number;
}

/** Gathers live lines until somebody looks; what is above the limit is counted, and the newest are kept. */
export class TailBuffer {
  #entries: LogEntry[] = [];
  #skipped = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0 && this.#skipped === 0;
  }

  /** @param dropped  lines that the sender left out before these */
  push(entries: readonly LogEntry[], dropped: number): void {
    if (dropped > 0) {
      // Lines are missing between those that wait and these, so the older ones cannot stand beside them.
      this.#skipped += dropped + this.#entries.length;
      this.#entries = [];
    }
    for (const entry of entries) this.#entries.push(entry);
    const surplus = this.#entries.length - this.#limit;
    if (surplus > 0) {
      this.#entries.splice(0, surplus);
      this.#skipped += surplus;
    }
  }

  take(): Arrived {
    const arrived = { entries: this.#entries, skipped: this.#skipped };
    this.#entries = [];
    this.#skipped = 0;
    return arrived;
  }
}
