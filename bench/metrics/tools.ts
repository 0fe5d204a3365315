import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** One series of the generated data; `value` is that of the current step. */
export interface GeneratedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly name: string;
  readonly value: number;
}

export interface GeneratedTarget {
  readonly series: readonly GeneratedSeries[];
  readonly tsMs: number;
  readonly down: boolean;
}

export interface GeneratedData {
  readonly targets: readonly GeneratedTarget[];
  readonly seriesCount: number;
  advance(): void;
  stepsFor(hours: number): number;
}

type Named = readonly [label: string, query: string];

/** The generators that stand outside of this repository: the data, its text, the questions. */
export interface Tools {
  readonly folder: string;
  readonly startMs: number;
  readonly rangeQueries: readonly Named[];
  readonly instantQueries: readonly Named[];
  data(targets: number, scale?: number, intervalSeconds?: number): GeneratedData;
  /** One step as text with timestamps: OpenMetrics, or with milliseconds for VictoriaMetrics. */
  text(data: GeneratedData, format: 'om' | 'vm'): string;
}

/** @param folder of `dataset.mjs`, `queries.mjs` and `exposition-server.mjs` */
export async function loadTools(folder: string): Promise<Tools> {
  const load = async (name: string): Promise<unknown> => import(pathToFileURL(resolve(folder, name)).href);
  const dataset = (await load('dataset.mjs')) as {
    Dataset: new (options: { targets: number; scale: number; intervalSec: number }) => GeneratedData;
    renderStep: Tools['text'];
    T0_MS: number;
  };
  const queries = (await load('queries.mjs')) as { RANGE_QUERIES: Named[]; INSTANT_QUERIES: Named[] };
  return {
    folder: resolve(folder),
    startMs: dataset.T0_MS,
    rangeQueries: queries.RANGE_QUERIES,
    instantQueries: queries.INSTANT_QUERIES,
    data: (targets, scale = 1, intervalSeconds = 15) =>
      new dataset.Dataset({ targets, scale, intervalSec: intervalSeconds }),
    text: dataset.renderStep,
  };
}
