import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compressSnappy } from '../../electron/engine/remote/snappy.ts';
import { writeRequest } from '../../electron/engine/remote/write-request.ts';
import { prometheusJson, queryInstant, queryRange } from '../../electron/engine/query/promql/index.ts';
import { systemClock } from '../../electron/engine/schedule/clock.ts';
import { openMetricStore, type MetricStore } from '../../electron/engine/store/metrics/index.ts';
import { startPrometheus, type Exporter } from '../services/start-exporter.ts';
import { createQueryWriter } from './random-query.ts';
import { randomSequence, randomSeries, START_MS, STEP_MS, STEPS } from './random-series.ts';

/** The same numbers on every run: a difference that is found stays found. */
const SEED = Number(process.env['VEDETTE_RANDOM_SEED'] ?? 20_250_101);
const WANTED = Number(process.env['VEDETTE_RANDOM_QUERIES'] ?? 1_000);
const AT_ONCE = 4;

type Point = readonly [seconds: number, value: string];

interface Data {
  readonly resultType: string;
  readonly result: unknown;
}

interface Question {
  readonly query: string;
  readonly startMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
  readonly endMs: number;
}

interface Difference extends Question {
  readonly what: string;
}

let prometheus: Exporter;
let store: MetricStore;

beforeAll(async () => {
  prometheus = await startPrometheus();
  store = openMetricStore({
    file: ':memory:',
    log: () => undefined,
    clock: systemClock,
    retention: { maxAgeMs: Infinity, maxSizeBytes: Infinity },
  });
  const all = randomSeries(SEED);
  for (const { labels, samples } of all) {
    const ref = store.ref(labels);
    for (const { timestampMs, value, isStale } of samples) {
      if (isStale) store.appendStale(ref, timestampMs);
      else store.append(ref, timestampMs, value);
    }
  }
  store.commit();
  const response = await fetch(`http://${prometheus.address}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
    body: Buffer.from(compressSnappy(writeRequest(all))),
  });
  expect(await response.text()).toBe('');
});

afterAll(async () => {
  store.close();
  await prometheus.stop();
});

describe('random valid queries', () => {
  it('have the answers of a Prometheus server over the same samples', { timeout: 300_000 }, async () => {
    const random = randomSequence(SEED);
    const writer = createQueryWriter(random);
    const differences: Difference[] = [];
    let [compared, refusedByBoth, values] = [0, 0, 0];
    while (compared < WANTED) {
      const questions = Array.from({ length: AT_ONCE }, () => ask(writer.next(), random));
      const answers = await Promise.all(questions.map(askPrometheus));
      for (const [i, question] of questions.entries()) {
        const theirs = answers[i];
        const ours = await askOurs(question);
        if (theirs === undefined) continue;
        if (typeof theirs === 'string' && typeof ours === 'string') refusedByBoth++;
        else {
          compared++;
          const found = compare(ours, theirs);
          values += found.values;
          if (found.what !== null) differences.push({ ...question, what: found.what });
        }
      }
    }
    console.log(`${compared} queries and ${values} values compared, ${refusedByBoth} refused by both, ${differences.length} differ`); // prettier-ignore
    for (const one of differences.slice(0, 40)) {
      console.log(
        `${one.query}\n    start ${one.startMs / 1000} end ${one.endMs / 1000} step ${one.stepMs / 1000}: ${one.what}`,
      );
    }
    expect(differences).toEqual([]);
    expect(values, 'values compared').toBeGreaterThan(WANTED * 5);
    expect(refusedByBoth).toBeLessThan(WANTED);
  });
});

/** Seven seconds into a step, where no sample and no step of a subquery lies. */
function ask(query: string, random: () => number): Question {
  const step = 45 + Math.floor(random() * (STEPS - 70));
  const startMs = START_MS + step * STEP_MS + 7_000;
  if (random() < 0.5) return { query, startMs, endMs: startMs, stepMs: 0 };
  const stepMs = STEP_MS * (1 + Math.floor(random() * 4));
  return { query, startMs, endMs: startMs + stepMs * Math.floor(random() * 8), stepMs };
}

/** The data, or the message of an error. */
async function askPrometheus({ query, startMs, endMs, stepMs }: Question): Promise<Data | string> {
  const times =
    stepMs === 0
      ? { time: String(startMs / 1000) }
      : { start: String(startMs / 1000), end: String(endMs / 1000), step: String(stepMs / 1000) };
  const path = stepMs === 0 ? 'query' : 'query_range';
  const response = await fetch(`http://${prometheus.address}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams({ query, ...times }),
  });
  const answer = (await response.json()) as { data?: Data; error?: string };
  return answer.data ?? answer.error ?? '';
}

async function askOurs({ query, startMs, endMs, stepMs }: Question): Promise<Data | string> {
  const outcome =
    stepMs === 0
      ? await queryInstant(store, query, { clock: systemClock, timeMs: startMs })
      : await queryRange(store, query, { clock: systemClock, startMs, endMs, stepMs });
  return outcome.ok ? (JSON.parse(prometheusJson(outcome.value)) as Data) : outcome.problem.message;
}

function compare(ours: Data | string, theirs: Data | string): { values: number; what: string | null } {
  if (typeof theirs === 'string') return { values: 0, what: `they refuse: ${theirs}` };
  if (typeof ours === 'string') return { values: 0, what: `we refuse: ${ours}` };
  if (ours.resultType !== theirs.resultType) return { values: 0, what: `${ours.resultType}, not ${theirs.resultType}` };
  const [mine, wanted] = [seriesOf(ours), seriesOf(theirs)];
  for (const key of wanted.keys()) if (!mine.has(key)) return { values: 0, what: `no series ${key}` };
  for (const key of mine.keys()) if (!wanted.has(key)) return { values: 0, what: `a series too many: ${key}` };
  let values = 0;
  for (const [key, points] of wanted) {
    const given = mine.get(key) ?? [];
    if (given.length !== points.length) return { values, what: `${key}: ${given.length} points, not ${points.length}` };
    for (const [i, [seconds, value]] of points.entries()) {
      const [at, is] = given[i] ?? [NaN, ''];
      if (at !== seconds || !isClose(is, value))
        return { values, what: `${key}: ${is} at ${at}, not ${value} at ${seconds}` };
      values++;
    }
  }
  return { values, what: null };
}

function seriesOf({ resultType, result }: Data): Map<string, readonly Point[]> {
  if (resultType === 'scalar' || resultType === 'string') return new Map([['', [result as Point]]]);
  const list = result as readonly { metric: Record<string, string>; value?: Point; values?: readonly Point[] }[];
  return new Map(
    list.map(({ metric, value, values }) => [
      JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1))),
      values ?? (value === undefined ? [] : [value]),
    ]),
  );
}

function isClose(given: string, wanted: string): boolean {
  if (given === wanted) return true;
  const [a, b] = [Number(given.replace('Inf', 'Infinity')), Number(wanted.replace('Inf', 'Infinity'))];
  // What cancels out leaves a rest of the size of the rounding, which depends on the order of the sums.
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)) || Math.abs(a - b) < 1e-12;
}
