/**
 * The metrics store by itself: bytes a sample, samples appended and committed a second, how long a commit takes, how long
 * selections and a start take. Bars: at most 1.2 bytes a sample (Prometheus 2.70, VictoriaMetrics 0.87 on data of this
 * kind), a start within a second.
 *
 * Run: node bench/metrics-store.ts [targets of 1,000 series] [hours at 15 s]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../electron/engine/schedule/clock.ts';
import { type MetricStore, openMetricStore } from '../electron/engine/store/metrics/index.ts';
import { type Labels, labelsFromRecord } from '../shared/model/labels.ts';
import type { Matcher } from '../shared/model/matcher.ts';

const STEP_MS = 15_000;
const COMMITS_PER_STEP = 15;
const START_MS = Date.UTC(2026, 0, 1);
const BAR_BYTES = 1.2;
const BAR_START_MS = 1000;

interface Generated {
  readonly labels: Labels;
  value: number;
  readonly next: (value: number) => number;
}

const targets = Number(process.argv[2] ?? 4);
const steps = Math.round((Number(process.argv[3] ?? 6) * 3_600_000) / STEP_MS);
const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-'));
const file = join(folder, 'metrics.db');
let nowMs = START_MS;
try {
  const store = open();
  const samples = fill(store);
  const { sizeBytes, chunks } = store.stats();
  const endMs = START_MS + steps * STEP_MS;
  measureSelect(
    store,
    'one series, all the time',
    [is('__name__', 'load1'), is('instance', 'host-0')],
    START_MS,
    endMs,
  );
  measureSelect(store, 'histogram buckets, all the time', [is('__name__', 'latency_seconds_bucket')], START_MS, endMs);
  measureSelect(
    store,
    'histogram buckets, last 5 min',
    [is('__name__', 'latency_seconds_bucket')],
    endMs - 300_000,
    endMs,
  );
  const everything: Matcher = { name: '__name__', operator: '=~', value: '.+' };
  measureSelect(store, 'every series, last 5 min', [everything], endMs - 300_000, endMs);
  store.close();
  const startedAt = performance.now();
  const again = open();
  const startMs = performance.now() - startedAt;
  const { headSamples } = again.stats();
  again.close();
  const bytesPerSample = sizeBytes / samples;
  console.log(`start                           ${startMs.toFixed(0)} ms (${String(headSamples)} samples from the log)`);
  console.log(`disk                            ${bytesPerSample.toFixed(3)} bytes a sample, ${String(chunks)} chunks`);
  console.log(
    `ratios to the bars              disk ${(bytesPerSample / BAR_BYTES).toFixed(2)}, start ${(startMs / BAR_START_MS).toFixed(2)}`,
  );
  process.exitCode = bytesPerSample <= BAR_BYTES && startMs <= BAR_START_MS ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function open(): MetricStore {
  return openMetricStore({
    file,
    log: (level, message) => {
      console.error(level, message);
    },
    clock: { ...systemClock, now: () => nowMs },
    retention: { maxAgeMs: Infinity, maxSizeBytes: Infinity },
  });
}

function fill(store: MetricStore): number {
  const all = Array.from({ length: targets }, (_, target) =>
    generate(target).map((series) => ({ series, ref: store.ref(series.labels) })),
  );
  const commits: number[] = [];
  let [samples, appendMs] = [0, 0];
  for (let step = 0; step < steps; step++) {
    for (const series of all.flat()) series.series.value = series.series.next(series.series.value);
    for (const [target, list] of all.entries()) {
      nowMs = START_MS + step * STEP_MS + target * 1500;
      const before = performance.now();
      for (const { series, ref } of list) store.append(ref, nowMs, series.value);
      appendMs += performance.now() - before;
      samples += list.length;
    }
    for (let i = 0; i < COMMITS_PER_STEP; i++) {
      const before = performance.now();
      store.commit();
      commits.push(performance.now() - before);
    }
  }
  const commitMs = commits.reduce((sum, ms) => sum + ms, 0);
  commits.sort((a, b) => a - b);
  const quantile = (q: number): string => (commits[Math.floor(q * (commits.length - 1))] ?? 0).toFixed(1);
  console.log(`${String(targets * 1000)} series, ${String(samples)} samples`);
  console.log(
    `append and commit               ${perSecond(samples, appendMs + commitMs)} (append alone ${perSecond(samples, appendMs)})`,
  );
  console.log(
    `one commit                      p99 ${quantile(0.99)} ms, p99.9 ${quantile(0.999)} ms, longest ${quantile(1)} ms`,
  );
  return samples;
}

function measureSelect(
  store: MetricStore,
  name: string,
  matchers: readonly Matcher[],
  startMs: number,
  endMs: number,
): void {
  const times: number[] = [];
  let [series, samples] = [0, 0];
  for (let run = 0; run < 12; run++) {
    const before = performance.now();
    const selected = store.select(matchers, startMs, endMs);
    if (run >= 2) times.push(performance.now() - before);
    series = selected.length;
    samples = selected.reduce((sum, { values }) => sum + values.length, 0);
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
  console.log(`${name.padEnd(32)}${median.toFixed(1)} ms (${String(series)} series, ${String(samples)} samples)`);
}

/** 1,000 series as services and hosts have them; the same numbers in each run. */
function generate(target: number): Generated[] {
  const random = seeded(target);
  const poisson = (mean: number): number =>
    Math.max(0, Math.round(mean + Math.sqrt(mean) * (random() + random() + random() - 1.5) * 2));
  const all: Generated[] = [];
  const add = (name: string, labels: Record<string, string>, value: number, next: Generated['next']): void => {
    all.push({
      labels: labelsFromRecord({ __name__: name, job: 'bench', instance: `host-${String(target)}`, ...labels }),
      value,
      next,
    });
  };
  for (let n = 0; n < 120; n++)
    add('requests_total', { path: `/${String(n)}` }, 0, (value) => value + poisson(400 / (n + 1)));
  for (let n = 0; n < 30; n++) {
    for (const [le, share] of [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.94, 0.97, 0.99, 0.995, 0.999, 1].entries()) {
      add(
        'latency_seconds_bucket',
        { op: String(n), le: String(le) },
        0,
        (value) => value + poisson((60 / (n + 1)) * share),
      );
    }
    add('latency_seconds_sum', { op: String(n) }, 0, (value) => Math.round((value + random() / (n + 1)) * 1e6) / 1e6);
  }
  for (let n = 0; n < 100; n++)
    add('cpu_seconds_total', { cpu: String(n) }, 0, (value) => Math.round((value + random() * 15) * 100) / 100);
  for (let n = 0; n < 100; n++)
    add('memory_bytes', { kind: String(n) }, 4e9, (value) => value + 4096 * Math.round((random() - 0.5) * 1000));
  for (let n = 0; n < 40; n++)
    add('network_bytes_total', { device: String(n) }, 0, (value) => value + Math.round(random() * 1e7));
  for (let n = 0; n < 50; n++)
    add(
      'temperature_celsius',
      { sensor: String(n) },
      45,
      (value) => Math.round((value + (random() - 0.5) * 0.6) * 10) / 10,
    );
  for (let n = 0; n < 40; n++)
    add('queue_size', { queue: String(n) }, 100, (value) => Math.max(0, value + Math.round((random() - 0.5) * 20)));
  for (let n = 0; n < 9; n++) add('ratio', { part: String(n) }, 0, () => random());
  add('load1', {}, 1, (value) => Math.max(0, Math.round((value + (random() - 0.5) * 0.3) * 100) / 100));
  for (let n = 0; all.length < 1000; n++) add('setting', { name: String(n) }, n, (value) => value);
  return all;
}

function seeded(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function is(name: string, value: string): Matcher {
  return { name, operator: '=', value };
}

function perSecond(count: number, ms: number): string {
  return `${(count / ms / 1000).toFixed(2)} M samples/s`;
}
