import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lockDataDirectory } from '../engine/instance-lock.ts';
import type { Log } from '../engine/log.ts';
import { systemClock } from '../engine/schedule/index.ts';
import { type MetricStore, openMetricStore } from '../engine/store/metrics/index.ts';

const COMMIT_BUDGET_MS = 2_000;
const FOREVER = { maxAgeMs: Infinity, maxSizeBytes: Infinity };

/**
 * The metrics of a data directory for a command that writes into them.
 *
 * @throws with a sentence for the user when an instance uses the directory
 */
export function openMetricsForWriting(dataDirectory: string, log: Log): { store: MetricStore; close: () => void } {
  const lock = lockDataDirectory(dataDirectory);
  if (lock === null) {
    throw new Error(`An instance uses ${dataDirectory}. Stop it first, or name another directory with --data.`);
  }
  try {
    const store = openMetricStore({
      file: metricsFile(dataDirectory),
      log,
      clock: systemClock,
      // What is too old for the instance is its to roll up and delete, by its configuration.
      retention: FOREVER,
      outOfOrderWindowMs: Infinity,
      commitBudgetMs: COMMIT_BUDGET_MS,
    });
    return {
      store,
      close() {
        store.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The metrics of a data directory as they are now; an instance may go on using it. */
export function openMetricsForReading(dataDirectory: string, log: Log): MetricStore {
  const file = metricsFile(dataDirectory);
  if (!existsSync(file)) throw new Error(`${dataDirectory} holds no metrics. Name another directory with --data.`);
  return openMetricStore({ file, log, clock: systemClock, retention: FOREVER, readOnly: true });
}

function metricsFile(dataDirectory: string): string {
  return join(dataDirectory, 'metrics.db');
}
