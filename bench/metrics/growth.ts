import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { queryInstant, type QueryOutcome, queryRange } from '../../electron/engine/query/promql/index.ts';
import { systemClock } from '../../electron/engine/schedule/clock.ts';
import { type MetricStore, openMetricStore } from '../../electron/engine/store/metrics/index.ts';
import { formatLabels, type Labels, labelsFromRecord } from '../../shared/model/labels.ts';
import type { GeneratedData, Tools } from './tools.ts';

/** So many series, so long a history, with a sample of each so often. */
export interface GrowthPlan {
  readonly series: number;
  readonly hours: number;
  /** 15 where time and disk allow it; a row says when it is more. */
  readonly intervalSeconds: number;
}

export interface Grown {
  readonly samples: number;
  /** Of a scrape of every series at 15 s on top of that history, chunks and rollups that it causes included. */
  readonly scrapeMs: number;
  readonly appendMicroseconds: number;
  /** One series: its rate now, and over all of its history. */
  readonly oneInstantMs: number;
  readonly oneRangeMs: number;
  /** The sum of a tenth of all series. */
  readonly sumInstantMs: number;
  readonly sumRangeMs: number;
  readonly startMs: number;
  /** What a start had to read again from the log. */
  readonly replayed: number;
  readonly bytesPerSample: number;
}

const SCRAPE_SECONDS = 15;
/** A group of series is made a chunk of every 64 samples, so that many scrapes cause all kinds of work. */
const SCRAPES = 64;
const CATCH_UP_BUDGET_MS = 1000;

/** What a scrape, a query and a start cost as series and history grow. In this process, without HTTP. */
export async function growth(tools: Tools, plan: GrowthPlan, workFolder: string): Promise<Grown> {
  const file = join(workFolder, 'growth.db');
  const remove = (): void => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  };
  remove();
  let nowMs = tools.startMs;
  const open = (commitBudgetMs?: number): MetricStore =>
    openMetricStore({
      file,
      log: (level, message) => {
        console.error(level, message);
      },
      clock: { ...systemClock, now: () => nowMs },
      retention: {
        maxAgeMs: Infinity,
        maxSizeBytes: Infinity,
        rollupAgeMs: { 300_000: Infinity, 3_600_000: Infinity },
      },
      ...(commitBudgetMs === undefined ? {} : { commitBudgetMs }),
    });
  const targets = Math.min(10, plan.series / 1000);
  const history = tools.data(targets, plan.series / 1000 / targets, plan.intervalSeconds);

  // The clock stands while history is filled in, or every few of its samples would become a chunk of their own.
  let store = open(CATCH_UP_BUDGET_MS);
  let samples = 0;
  const filling = references(store, history);
  for (let step = history.stepsFor(plan.hours); step > 0; step--) samples += scrape(history, store, filling, 0).samples;
  const endMs = tools.startMs + plan.hours * 3_600_000;
  nowMs = endMs;
  for (let catchingUp = true; catchingUp;) {
    const before = performance.now();
    store.commit();
    catchingUp = performance.now() - before > CATCH_UP_BUDGET_MS / 2;
  }
  store.close();

  // On top of it a quarter of an hour as in service: a scrape each 15 s, a commit each second.
  store = open();
  const live = tools.data(targets, plan.series / 1000 / targets);
  const refs = references(store, live);
  let spentMs = 0;
  let appended = 0;
  for (let step = 0; step < SCRAPES; step++) {
    const one = scrape(live, store, refs, endMs - tools.startMs, (timeMs) => {
      nowMs = timeMs;
    });
    spentMs += one.milliseconds;
    appended += one.samples;
  }
  store.close();
  samples += appended;
  const sizeBytes = statSync(file).size;

  const before = performance.now();
  store = open();
  const startMs = performance.now() - before;
  const { headSamples } = store.stats();
  const one = formatLabels(firstNamed(history, 'http_requests_total'));
  const sum = 'sum by (endpoint) (rate(http_requests_total[5m]))';
  const { stepMs, window } = rangeOf(plan.hours);
  const now = { clock: systemClock, timeMs: nowMs };
  const all = {
    clock: systemClock,
    startMs: tools.startMs,
    endMs: nowMs,
    stepMs,
  };
  const grown: Grown = {
    samples,
    scrapeMs: spentMs / SCRAPES,
    appendMicroseconds: (spentMs * 1000) / appended,
    oneInstantMs: await median(() => queryInstant(store, `rate(${one}[5m])`, now)),
    oneRangeMs: await median(() => queryRange(store, `rate(${one}[${window}])`, all)),
    sumInstantMs: await median(() => queryInstant(store, sum, now)),
    sumRangeMs: await median(() => queryRange(store, sum.replace('5m', window), all)),
    startMs,
    replayed: headSamples,
    bytesPerSample: sizeBytes / samples,
  };
  store.close();
  remove();
  return grown;
}

/** How a chart of so long a time is asked for: some 200 points. */
function rangeOf(hours: number): { readonly stepMs: number; readonly window: string } {
  if (hours <= 1) return { stepMs: 15_000, window: '5m' };
  return hours <= 24 ? { stepMs: 300_000, window: '15m' } : { stepMs: 7_200_000, window: '2h' };
}

/** One sample of every series, and the commits of the 15 seconds until the next. Only the store's own work is timed. */
function scrape(
  data: GeneratedData,
  store: MetricStore,
  refs: readonly (readonly number[])[],
  shiftMs: number,
  onTarget: (timeMs: number) => void = () => undefined,
): { samples: number; milliseconds: number } {
  data.advance();
  let samples = 0;
  const before = performance.now();
  for (const [t, target] of data.targets.entries()) {
    if (target.down) continue;
    const timeMs = target.tsMs + shiftMs;
    onTarget(timeMs);
    for (const [s, { value }] of target.series.entries()) store.append(refs[t]?.[s] ?? 0, timeMs, value);
    samples += target.series.length;
  }
  for (let second = 0; second < SCRAPE_SECONDS; second++) store.commit();
  return { samples, milliseconds: performance.now() - before };
}

function references(store: MetricStore, data: GeneratedData): number[][] {
  return data.targets.map(({ series }) =>
    series.map(({ name, labels }) => store.ref(labelsFromRecord({ __name__: name, ...labels }))),
  );
}

function firstNamed(data: GeneratedData, name: string): Labels {
  const found = data.targets[0]?.series.find((series) => series.name === name);
  if (found === undefined) throw new Error(`the data have no series named ${name}`);
  return labelsFromRecord({ __name__: name, ...found.labels });
}

async function median(work: () => Promise<QueryOutcome>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 6; run++) {
    const before = performance.now();
    const outcome = await work();
    times.push(performance.now() - before);
    if (!outcome.ok) throw new Error(outcome.problem.message);
  }
  return times.slice(1).sort((a, b) => a - b)[2] ?? NaN;
}
