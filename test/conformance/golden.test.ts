import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { queryInstant, queryRange, prometheusJson } from '../../electron/engine/query/promql/index.ts';
import { anchoredRegex } from '../../electron/engine/query/promql/syntax/anchored-regex.ts';
import { systemClock } from '../../electron/engine/schedule/clock.ts';
import type { SampleSource, SeriesColumns } from '../../electron/engine/store/metrics/sample-source.ts';
import { labelsFromRecord, labelValue } from '../../shared/model/labels.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/', import.meta.url));
const GOLDEN = `${FOLDER}conformance/golden/golden.json`;

if (!statSync(GOLDEN, { throwIfNoEntry: false })?.isFile()) {
  throw new Error(`The recorded answers of Prometheus are missing: ${GOLDEN}`);
}

interface Golden {
  readonly kind: 'instant' | 'range' | 'error' | 'api';
  readonly params: Readonly<Record<string, string>>;
  readonly status: number;
  readonly body: { readonly data?: PrometheusData; readonly error?: string };
}

interface PrometheusData {
  readonly resultType: string;
  readonly result: unknown;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Point;
  readonly values?: readonly Point[];
}

type Point = readonly [seconds: number, value: string];

/** The generator of the data that the answers were recorded from. */
interface DatasetModule {
  readonly Dataset: new (options: { targets: number }) => {
    readonly targets: readonly {
      readonly down: boolean;
      readonly tsMs: number;
      readonly series: readonly {
        readonly name: string;
        readonly labels: Record<string, string>;
        readonly value: number;
      }[];
    }[];
    stepsFor(hours: number): number;
    advance(): void;
  };
}

const source = await loadDataset();
const cases = (JSON.parse(readFileSync(GOLDEN, 'utf8')) as readonly Golden[]).filter(({ kind }) => kind !== 'api');

/** Messages and rules that changed between the recorded version 2.42 and the version 3 that we follow. */
const CHANGED: ReadonlySet<string> = new Set([
  // Any UTF-8 text is a label name in version 3.
  'count_values("a-b", foo)',
  // A number, step() and range() may stand where only a duration could.
  'foo offset',
  // A dot matches newlines in version 3, which shows in the message.
  'foo{a=~"("}',
  // The engines name the two series in the order in which they meet them.
  'sum(http_requests_total) by (instance) / on(instance) group_left(status) http_requests_total',
]);

describe('recorded answers of a Prometheus server', () => {
  it('are all asked', () => {
    expect(cases).toHaveLength(157);
  });

  it.each(cases.map((golden) => ({ name: golden.params['query'] ?? '', golden })))(
    '$name',
    async ({ name, golden }) => {
      const { params, body } = golden;
      const outcome =
        params['step'] === undefined
          ? await queryInstant(source, name, { clock: systemClock, timeMs: Number(params['time']) * 1000 })
          : await queryRange(source, name, {
              clock: systemClock,
              startMs: Number(params['start']) * 1000,
              endMs: Number(params['end']) * 1000,
              stepMs: Number(params['step']) * 1000,
            });
      if (body.error !== undefined || CHANGED.has(name)) {
        const wanted = (body.error ?? '').replace('invalid parameter "query": ', '');
        if (!CHANGED.has(name)) expect(outcome.ok ? 'no problem' : outcome.problem.message).toBe(wanted);
        return;
      }
      if (!outcome.ok) throw new Error(outcome.problem.message);
      const data = JSON.parse(prometheusJson(outcome.value)) as PrometheusData;
      const isOrdered = /^(?:sort|topk|bottomk)/.test(name) && data.resultType === 'vector';
      expectSame(data, body.data as PrometheusData, isOrdered);
    },
  );
});

function expectSame(given: PrometheusData, wanted: PrometheusData, isOrdered: boolean): void {
  expect(given.resultType).toBe(wanted.resultType);
  if (given.resultType === 'scalar' || given.resultType === 'string') {
    const [[givenTime, givenValue], [wantedTime, wantedValue]] = [given.result as Point, wanted.result as Point];
    expect(givenTime).toBe(wantedTime);
    if (given.resultType === 'string') expect(givenValue).toBe(wantedValue);
    else expect(isClose(givenValue, wantedValue)).toBe(true);
    return;
  }
  const [givenSeries, wantedSeries] = [listed(given, isOrdered), listed(wanted, isOrdered)];
  expect(givenSeries.map(({ key }) => key)).toEqual(wantedSeries.map(({ key }) => key));
  for (const [i, { key, points }] of givenSeries.entries()) {
    const wantedPoints = wantedSeries[i]?.points ?? [];
    expect(points.map(([seconds]) => seconds)).toEqual(wantedPoints.map(([seconds]) => seconds));
    const off = points.filter(([, value], p) => !isClose(value, wantedPoints[p]?.[1] ?? ''));
    expect({ key, off }).toEqual({ key, off: [] });
  }
}

function listed({ result }: PrometheusData, isOrdered: boolean): { key: string; points: readonly Point[] }[] {
  const series = (result as readonly Series[]).map(({ metric, value, values }) => ({
    key: JSON.stringify(Object.entries(metric).sort()),
    points: values ?? (value === undefined ? [] : [value]),
  }));
  return isOrdered ? series : series.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function isClose(given: string, wanted: string): boolean {
  if (given === wanted) return true;
  const [a, b] = [Number(given.replace('Inf', 'Infinity')), Number(wanted.replace('Inf', 'Infinity'))];
  // Sums of large numbers that cancel out differ by what a plain sum loses and a compensated one keeps.
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)) || Math.abs(a - b) < 1e-12;
}

async function loadDataset(): Promise<SampleSource> {
  const { Dataset } = (await import(`${FOLDER}tools/dataset.mjs`)) as DatasetModule;
  const dataset = new Dataset({ targets: 2 });
  const steps = dataset.stepsFor(2);
  const columns = dataset.targets.flatMap(({ series }) =>
    series.map(({ name, labels }) => ({
      labels: labelsFromRecord({ ...labels, __name__: name }),
      timestamps: new Float64Array(steps),
      values: new Float64Array(steps),
      count: 0,
    })),
  );
  for (let step = 0; step < steps; step++) {
    dataset.advance();
    let at = 0;
    for (const { series, down, tsMs } of dataset.targets) {
      for (const { value } of series) {
        const column = columns[at++];
        if (down || column === undefined) continue;
        column.timestamps[column.count] = tsMs;
        column.values[column.count++] = value;
      }
    }
  }
  const all = columns.map(({ labels, timestamps, values, count }): SeriesColumns => {
    return { labels, timestamps: timestamps.subarray(0, count), values: values.subarray(0, count) };
  });
  const never = (): never => {
    throw new Error('only samples are asked for');
  };
  return {
    select: (matchers) => {
      const tests = matchers.map(({ name, operator, value }) => {
        const regex = operator.includes('~') ? anchoredRegex(value) : null;
        const holds = (text: string): boolean => (regex?.ok === true ? regex.pattern.matches(text) : text === value);
        return (series: SeriesColumns) => holds(labelValue(series.labels, name)) !== operator.startsWith('!');
      });
      return all.filter((series) => tests.every((test) => test(series)));
    },
    series: never,
    labelNames: never,
    labelValues: never,
  };
}
