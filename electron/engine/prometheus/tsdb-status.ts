import { labelPairs, METRIC_NAME } from '../../../shared/model/labels.ts';
import type { MetricStore } from '../store/metrics/index.ts';
import { BadParameter, limitParam, optionalText, type Params } from './params.ts';

/** Source: Prometheus, web/api/v1 `serveTSDBStatus`. */
const DEFAULT_LIMIT = 10;
const MOST = 10_000;

/** `data` of `/api/v1/status/tsdb`: what takes the room. */
export function tsdbStatusData(store: Pick<MetricStore, 'series' | 'stats'>, params: Params): unknown {
  const limit = optionalText(params, 'limit') === null ? DEFAULT_LIMIT : limitParam(params);
  if (limit < 1) throw new BadParameter('invalid parameter "limit": limit must be a positive number');
  if (limit > MOST) throw new BadParameter(`invalid parameter "limit": limit must not exceed ${String(MOST)}`);
  const seriesOf = new Map<string, number>();
  const seriesWith = new Map<string, number>();
  const values = new Map<string, Set<string>>();
  for (const labels of store.series([], Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)) {
    for (const [name, value] of labelPairs(labels)) {
      if (name === METRIC_NAME) add(seriesOf, value);
      add(seriesWith, `${name}=${value}`);
      const known = values.get(name);
      if (known === undefined) values.set(name, new Set([value]));
      else known.add(value);
    }
  }
  const { series, headSeries, chunks, oldestSampleMs, newestSampleMs } = store.stats();
  const valueSizes = [...values].map(([name, set]): [string, number] => {
    return [name, [...set].reduce((sum, value) => sum + Buffer.byteLength(value), 0)];
  });
  return {
    headStats: {
      numSeries: series,
      numLabelPairs: seriesWith.size,
      chunkCount: chunks + headSeries,
      minTime: oldestSampleMs ?? 0,
      maxTime: newestSampleMs ?? 0,
    },
    seriesCountByMetricName: largest(seriesOf, limit),
    labelValueCountByLabelName: largest(
      [...values].map(([name, set]): [string, number] => [name, set.size]),
      limit,
    ),
    memoryInBytesByLabelName: largest(valueSizes, limit),
    seriesCountByLabelValuePair: largest(seriesWith, limit),
  };
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function largest(counts: Iterable<[string, number]>, limit: number): { name: string; value: number }[] {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, limit)
    .map(([name, value]) => ({ name, value }));
}
