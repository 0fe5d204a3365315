import { labelsFromRecord, type Labels } from '../../shared/model/labels.ts';

/** A sequence of numbers from 0 to 1 that its seed fixes. Source: mulberry32. */
export function randomSequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface TestSeries {
  readonly labels: Labels;
  readonly samples: readonly { readonly timestampMs: number; readonly value: number; readonly isStale: boolean }[];
}

export const START_MS = 1_735_689_600_000;
export const STEP_MS = 15_000;
export const STEPS = 160;
/** Where in a step the samples lie. Windows end elsewhere, so that open and closed edges give the same. */
const SAMPLE_AT_MS = 4_000;

/**
 * Counters with resets, gauges, histograms, series with gaps, series that end with a stale marker or begin late. Values
 * are multiples of a quarter, so that sums are exact in whatever order they are made.
 */
export function randomSeries(seed: number): TestSeries[] {
  const random = randomSequence(seed);
  const quarter = (span: number): number => Math.round(random() * span * 4) / 4;
  const series: TestSeries[] = [];
  const add = (labels: Record<string, string>, valueAt: (step: number) => number | 'stale' | null): void => {
    const samples: TestSeries['samples'][number][] = [];
    for (let step = 0; step < STEPS; step++) {
      const value = valueAt(step);
      if (value === null) continue;
      const timestampMs = START_MS + step * STEP_MS + SAMPLE_AT_MS;
      samples.push({ timestampMs, value: value === 'stale' ? NaN : value, isStale: value === 'stale' });
    }
    series.push({ labels: labelsFromRecord(labels), samples });
  };

  for (const instance of ['a', 'b', 'c']) {
    for (const method of ['get', 'put']) {
      for (const code of ['200', '404', '500']) {
        // Far above 0, since versions differ in when they extrapolate down to it.
        let total = 100_000 + quarter(1_000);
        const resetAt = Math.floor(random() * STEPS * 3);
        add({ __name__: 'requests_total', job: 'web', instance, method, code }, (step) => {
          total = step === resetAt ? 50_000 : total + quarter(20);
          return total;
        });
      }
    }
    let level = quarter(100);
    add({ __name__: 'temperature', job: 'room', instance, site: instance === 'a' ? 'north' : 'south' }, () => {
      level += quarter(8) - 4;
      return level;
    });
    for (const device of ['x', 'y']) add({ __name__: 'free_bytes', job: 'disk', instance, device }, () => quarter(1e6));
    add({ __name__: 'limit_bytes', job: 'disk', instance }, () => 1_000_000);
    add({ __name__: 'gappy', job: 'room', instance }, (step) => (step % 60 > 28 ? null : quarter(50)));
    const buckets = ['0.1', '0.5', '1', '5', '+Inf'].map((le) => ({ le, count: 100_000 }));
    let sum = 100_000;
    const counts = Array.from({ length: STEPS }, () => {
      const steps = buckets.map(() => Math.floor(random() * 6));
      let running = 0;
      for (const [i, bucket] of buckets.entries()) {
        running += steps[i] ?? 0;
        bucket.count += running;
      }
      sum += running * 0.25;
      return { counts: buckets.map(({ count }) => count), sum };
    });
    for (const [i, { le }] of buckets.entries()) {
      add({ __name__: 'latency_seconds_bucket', job: 'web', instance, le }, (step) => counts[step]?.counts[i] ?? null);
    }
    add({ __name__: 'latency_seconds_sum', job: 'web', instance }, (step) => counts[step]?.sum ?? null);
    add({ __name__: 'latency_seconds_count', job: 'web', instance }, (step) => counts[step]?.counts.at(-1) ?? null);
    add({ __name__: 'build_info', job: 'web', instance, version: instance === 'c' ? '2' : '1' }, () => 1);
  }
  add({ __name__: 'temperature', job: 'room', instance: 'gone', site: 'north' }, (step) =>
    step < 80 ? quarter(30) : step === 80 ? 'stale' : null,
  );
  add({ __name__: 'temperature', job: 'room', instance: 'late', site: 'south' }, (step) =>
    step < 90 ? null : -quarter(30),
  );
  add(
    { __name__: 'odd', job: 'room', instance: 'a' },
    (step) => [NaN, Infinity, -Infinity, 0, -0, 1, -1][step % 7] ?? 0,
  );
  return series;
}
