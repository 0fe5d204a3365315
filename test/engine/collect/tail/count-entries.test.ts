import { expect, it } from 'vitest';
import { countEntries } from '../../../../electron/engine/collect/tail/index.ts';
import type { LogSourceConfig } from '../../../../electron/engine/config/configuration.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';

const SOURCE: LogSourceConfig = {
  name: 'app',
  type: 'application',
  files: ['/var/log/app.log'],
  labels: { team: 'shop' },
  metrics: [
    { name: 'payment_failures_total', pattern: 'payment .* (failed|refused)', levels: null, labels: { kind: 'card' } },
    { name: 'timeouts_total', pattern: 'time-?out', levels: ['error'], labels: {} },
  ],
};

it('counts fresh lines by level and by pattern, from 0, and passes every line on', () => {
  const clock = createManualClock();
  const passed: string[] = [];
  const sink = countEntries(
    {
      append: (entries) => passed.push(...entries.map(({ text }) => text)),
      commit: () => undefined,
      checkpoints: () => new Map(),
    },
    clock,
  );
  sink.configure([SOURCE]);
  const line = (level: 'info' | 'error', text: string, ageMs = 0) => ({
    timestampMs: clock.now() - ageMs,
    source: 'app',
    type: 'application' as const,
    file: '/var/log/app.log',
    level,
    text,
  });
  sink.append([
    line('info', 'payment 7 refused'),
    line('error', 'payment 8 failed: timeout'),
    line('info', 'timeout'),
    line('error', 'payment 1 failed', 3_600_000),
  ]);
  const count = (name: string, labels: Record<string, string> = {}): number | undefined =>
    sink
      .counts()
      .find(
        (one) =>
          one.labels['__name__'] === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
      )?.count;
  expect(passed.length).toBe(4);
  expect(count('vedette_log_entries_total', { level: 'info', source: 'app', team: 'shop' })).toBe(2);
  expect(count('vedette_log_entries_total', { level: 'error' })).toBe(1);
  expect(count('vedette_log_entries_total', { level: 'fatal' })).toBe(0);
  expect(count('payment_failures_total', { kind: 'card', source: 'app' })).toBe(2);
  expect(count('timeouts_total')).toBe(1);

  sink.configure([{ ...SOURCE, metrics: SOURCE.metrics.slice(0, 1) }]);
  expect([count('payment_failures_total'), count('timeouts_total')]).toEqual([2, undefined]);
});
