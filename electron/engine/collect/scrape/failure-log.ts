import { appendFile } from 'node:fs/promises';
import type { Log } from '../../log.ts';

/** One failed scrape. */
export interface ScrapeFailure {
  readonly atMs: number;
  readonly job: string;
  readonly url: string;
  readonly message: string;
}

/** Writes failed scrapes into the files that `scrape_failure_log_file` names, a line of JSON each. */
export interface FailureLog {
  add(file: string, failure: ScrapeFailure): void;
}

/** Lines are written in order. A file that cannot be written is complained about once, until it can be again. */
export function createFailureLog(log: Log): FailureLog {
  const broken = new Set<string>();
  let last: Promise<void> = Promise.resolve();

  async function write(file: string, line: string): Promise<void> {
    try {
      await appendFile(file, line, { mode: 0o600 });
      broken.delete(file);
    } catch (error) {
      if (broken.has(file)) return;
      broken.add(file);
      const reason = error instanceof Error ? error.message : String(error);
      log('error', `Failed scrapes cannot be written to ${file} (scrape_failure_log_file): ${reason}`);
    }
  }

  return {
    add(file, { atMs, job, url, message }) {
      const time = new Date(atMs).toISOString();
      const line = `${JSON.stringify({ time, level: 'ERROR', msg: message, job_name: job, target: url })}\n`;
      last = last.then(() => write(file, line));
    },
  };
}
