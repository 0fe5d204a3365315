import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { queryInstant, queryRange } from '../../electron/engine/query/promql/index.ts';
import { systemClock } from '../../electron/engine/schedule/clock.ts';
import { type MetricStore, openMetricStore } from '../../electron/engine/store/metrics/index.ts';
import { labelsFromRecord } from '../../shared/model/labels.ts';
import type { Tools } from './tools.ts';

export interface Grown {
  readonly series: number;
  readonly hours: number;
  readonly appendMicroseconds: number;
  readonly instantMs: number;
  readonly rangeMs: number;
  readonly startMs: number;
  readonly bytesPerSample: number;
}

/** What a sample, a query and a start cost as series and history grow. In this process, without HTTP. */
export async function growth(tools: Tools, series: number, hours: number, workFolder: string): Promise<Grown> {
  const file = join(workFolder, 'growth.db');
  const remove = (): void => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  };
  remove();
  let nowMs = tools.startMs;
  const open = (): MetricStore =>
    openMetricStore({
      file,
      log: (level, message) => {
        console.error(level, message);
      },
      clock: { ...systemClock, now: () => nowMs },
      retention: { maxAgeMs: Infinity, maxSizeBytes: Infinity },
    });
  const targets = Math.min(10, series / 1000);
  const data = tools.data(targets, series / 1000 / targets);
  const store = open();
  const refs = data.targets.map((target) =>
    target.series.map(({ name, labels }) => store.ref(labelsFromRecord({ __name__: name, ...labels }))),
  );
  let [spentMs, samples] = [0, 0];
  for (let step = data.stepsFor(hours); step > 0; step--) {
    data.advance();
    const before = performance.now();
    for (const [t, target] of data.targets.entries()) {
      if (target.down) continue;
      nowMs = target.tsMs;
      for (const [s, { value }] of target.series.entries()) store.append(refs[t]?.[s] ?? 0, nowMs, value);
      samples += target.series.length;
    }
    for (let second = 0; second < 15; second++) store.commit();
    spentMs += performance.now() - before;
  }
  store.close();
  const sizeBytes = statSync(file).size;
  const before = performance.now();
  const again = open();
  const startMs = performance.now() - before;
  const endMs = tools.startMs + hours * 3_600_000;
  const expr = 'sum by (endpoint) (rate(http_requests_total[5m]))';
  const instantMs = await median(() => queryInstant(again, expr, { clock: systemClock, timeMs: endMs }));
  const rangeMs = await median(() =>
    queryRange(again, expr, {
      clock: systemClock,
      startMs: tools.startMs,
      endMs,
      stepMs: Math.max(15_000, hours * 3000),
    }),
  );
  again.close();
  remove();
  return {
    series,
    hours,
    appendMicroseconds: (spentMs * 1000) / samples,
    instantMs,
    rangeMs,
    startMs,
    bytesPerSample: sizeBytes / samples,
  };
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 4; run++) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return times.slice(1).sort((a, b) => a - b)[1] ?? NaN;
}
