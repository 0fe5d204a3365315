import { afterAll, expect, it } from 'vitest';
import { AppendedSource } from '../../../../electron/engine/alert/rule-tests/appended-source.ts';
import { PROMQL_FEATURES } from '../../../../electron/engine/query/promql/syntax/features.ts';
import { queryInstant, queryRange } from '../../../../electron/engine/query/promql/index.ts';
import { openMetricStore } from '../../../../electron/engine/store/metrics/index.ts';
import { labelsFrom } from '../../../../shared/model/labels.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';

const HOUR = 3_600_000;
const START = 1_700_000_000_000;
const NOW = START + 3 * HOUR;
const features = new Set(PROMQL_FEATURES);
const clock = createManualClock(START);
const store = openMetricStore({
  file: ':memory:',
  log: () => undefined,
  clock,
  retention: { maxAgeMs: Infinity, maxSizeBytes: Infinity },
});
const memory = new AppendedSource();
for (const sink of [store, memory]) {
  const refs = [0, 1, 2].map((i) => sink.ref(labelsFrom([['__name__', 'a_total'], ['i', String(i)]]))); // prettier-ignore
  for (let at = START; at < NOW; at += 15_000) {
    for (const [i, ref] of refs.entries()) {
      const step = (at - START) / 15_000;
      if (i === 2 && step % 100 === 0) sink.appendStale(ref, at);
      else sink.append(ref, at, (step % (150 + i)) * (i + 1));
    }
  }
}
// Often enough that all that is due has become chunks.
clock.advance(4 * HOUR);
for (let i = 0; i < 50; i++) store.commit();
afterAll(() => {
  store.close();
});

it.each([
  'a_total',
  'a_total[1m]',
  'a_total smoothed',
  'sum(a_total) + on () sum(a_total)',
  'increase(a_total[5m])',
  'increase(a_total[5m] anchored)',
  'rate(a_total[5m] smoothed)',
  'changes(a_total[10m] anchored)',
  'a_total[1m] smoothed',
  'max_over_time(rate(a_total[2m])[10m:1m])',
  'absent_over_time(a_total[1m])',
])('reads the store series by series for %s as it reads memory at once', async (expr) => {
  const instant = { clock, timeMs: NOW - HOUR + 7_000, features };
  const stored = await queryInstant(store, expr, instant);
  expect(stored).toMatchObject({ ok: true });
  expect(sorted(stored)).toEqual(sorted(await queryInstant(memory, expr, instant)));
  if (expr.includes('a_total[1m]') && !expr.includes('(')) return; // a range vector has no range query
  const range = { clock, startMs: NOW - 2 * HOUR, endMs: NOW - HOUR, stepMs: 60_000, features };
  expect(await queryRange(store, expr, range)).toEqual(await queryRange(memory, expr, range));
});

/** An instant vector is in no order. */
function sorted(outcome: Awaited<ReturnType<typeof queryInstant>>): unknown {
  if (!outcome.ok || outcome.value.type !== 'vector') return outcome;
  const samples = [...outcome.value.samples].sort((a, b) => a.labels.join().localeCompare(b.labels.join()));
  return { ...outcome, value: { ...outcome.value, samples } };
}
