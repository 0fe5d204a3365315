import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPrometheusApi, type PrometheusApi } from '../../electron/engine/prometheus/prometheus-api.ts';
import { queryInstant, queryRange } from '../../electron/engine/query/promql/index.ts';
import { systemClock } from '../../electron/engine/schedule/clock.ts';
import { openMetricStore, type MetricStore } from '../../electron/engine/store/metrics/index.ts';
import { labelsFromRecord } from '../../shared/model/labels.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/', import.meta.url));
const GOLDEN = `${FOLDER}conformance/golden/golden.json`;

if (!statSync(GOLDEN, { throwIfNoEntry: false })?.isFile()) {
  throw new Error(`The recorded answers of Prometheus are missing: ${GOLDEN}`);
}

interface Golden {
  readonly kind: 'instant' | 'range' | 'error' | 'api';
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly status: number;
  readonly body: { readonly data?: unknown; readonly error?: string };
}

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

/** What changed between the recorded version 2.42 and the version 3 that we follow. */
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

const cases = (JSON.parse(readFileSync(GOLDEN, 'utf8')) as readonly Golden[]).filter(
  ({ kind }) => kind === 'api' || kind === 'error',
);
let store: MetricStore;
let api: PrometheusApi;

beforeAll(async () => {
  store = openMetricStore({
    file: ':memory:',
    log: () => undefined,
    clock: systemClock,
    retention: { maxAgeMs: Infinity, maxSizeBytes: Infinity },
  });
  const { Dataset } = (await import(`${FOLDER}tools/dataset.mjs`)) as DatasetModule;
  const dataset = new Dataset({ targets: 2 });
  const refs = dataset.targets.map(({ series }) =>
    series.map(({ name, labels }) => store.ref(labelsFromRecord({ ...labels, __name__: name }))),
  );
  // Lists of names and series do not depend on how often a series was seen.
  for (let step = 0; step < Math.min(40, dataset.stepsFor(2)); step++) {
    dataset.advance();
    for (const [t, { series, down, tsMs }] of dataset.targets.entries()) {
      if (!down) for (const [s, { value }] of series.entries()) store.append(refs[t]?.[s] ?? -1, tsMs, value);
    }
  }
  store.commit();
  api = createPrometheusApi({
    store,
    instant: (expr, timeMs) => queryInstant(store, expr, { clock: systemClock, timeMs }),
    range: (expr, startMs, endMs, stepMs) => queryRange(store, expr, { clock: systemClock, startMs, endMs, stepMs }),
    targets: () => [],
    metadata: () => [],
    ruleGroups: () => [],
    externalLabels: () => ({}),
    promqlFeatures: () => new Set(),
    clock: systemClock,
  });
});
afterAll(() => {
  store.close();
});

describe("recorded answers of a Prometheus server's HTTP API", () => {
  it('are all asked', () => {
    expect(cases).toHaveLength(29);
  });

  it.each(cases.map((golden) => ({ name: `${golden.path} ${JSON.stringify(golden.params)}`, golden })))(
    '$name',
    async ({ golden }) => {
      const { path, params, status, body } = golden;
      const values = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, [value]]));
      const reply = await api(path.slice(1), values, new AbortController().signal);
      const given = JSON.parse([...reply.pieces].join('')) as Golden['body'];
      if (CHANGED.has(params['query'] ?? '')) return;
      expect(reply.status).toBe(status);
      expect(sorted(given)).toEqual(sorted(body));
    },
  );
});

/** Series come in no particular order. */
function sorted(body: Golden['body']): unknown {
  if (!Array.isArray(body.data)) return body;
  return { ...body, data: body.data.map((entry) => JSON.stringify(entry)).sort() };
}
