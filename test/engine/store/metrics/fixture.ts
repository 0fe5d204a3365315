import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../../electron/engine/schedule/clock.ts';
import {
  type MetricStore,
  type MetricStoreOptions,
  openMetricStore,
  type SeriesColumns,
} from '../../../../electron/engine/store/metrics/index.ts';
import { formatLabels, labelsFromRecord, type LabelRecord, type Labels } from '../../../../shared/model/labels.ts';
import { bitsOf, isStaleAt } from '../../../../shared/model/stale-marker.ts';
import type { MatchOperator, Matcher } from '../../../../shared/model/matcher.ts';

export const START_MS = Date.UTC(2026, 0, 1);
export const STEP_MS = 15_000;

export function series(name: string, labels: LabelRecord = {}): Labels {
  return labelsFromRecord({ __name__: name, ...labels });
}

export function matcher(name: string, operator: MatchOperator, value: string): Matcher {
  return { name, operator, value };
}

export const named = (name: string): Matcher[] => [matcher('__name__', '=', name)];
export const EVERYTHING: Matcher[] = [matcher('__name__', '=~', '.+')];

/** Numbers in [0, 1) that are the same in each run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What was selected, as text: `name{…}` → `time:value …`, with `stale` for markers; times in steps from the start. */
export function shown(columns: readonly SeriesColumns[]): Record<string, string> {
  return Object.fromEntries(
    columns.map(({ labels, timestamps, values }) => {
      const bits = bitsOf(values);
      const samples = Array.from(timestamps, (time, i) => {
        const value = isStaleAt(bits, i) ? 'stale' : Object.is(values[i], -0) ? '-0' : String(values[i]);
        return `${String((time - START_MS) / STEP_MS)}:${value}`;
      });
      return [formatLabels(labels), samples.join(' ')];
    }),
  );
}

/** A folder with a metrics database that can be opened again and again, with a clock that stands at `time.nowMs`. */
export function storeFolder(): {
  file: string;
  time: { nowMs: number };
  messages: string[];
  open: (options?: Partial<MetricStoreOptions>) => MetricStore;
  remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-metrics-'));
  const file = join(folder, 'metrics.db');
  const time = { nowMs: START_MS };
  const messages: string[] = [];
  const clock: Clock = { now: () => time.nowMs, monotonic: () => 0, after: () => () => undefined };
  const opened: MetricStore[] = [];
  return {
    file,
    time,
    messages,
    open(options = {}) {
      const store = openMetricStore({
        file,
        log: (_level, message) => messages.push(message),
        clock,
        retention: { maxAgeMs: 365 * 86_400_000, maxSizeBytes: 10 ** 12 },
        ...options,
      });
      opened.push(store);
      return store;
    },
    remove() {
      for (const store of opened) store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
