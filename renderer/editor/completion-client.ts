import type { PrometheusClient } from '@prometheus-io/codemirror-promql/dist/esm/client/prometheus.js';
import type { Client } from '../api/client.ts';

const NAMES_KEPT_MS = 30_000;
const MOST_NAMES = 10_000;

type Names = Awaited<ReturnType<Client['metrics']['names']>>['names'];

/** What the completion of PromQL asks for, answered by the program's own calls. @param source the data source to ask */
export function createCompletionClient(client: Client, source: { readonly source?: string } = {}): PrometheusClient {
  let names: { readonly at: number; readonly answer: Promise<Names> } | null = null;
  const allNames = async (): Promise<Names> => {
    if (names === null || performance.now() - names.at > NAMES_KEPT_MS) {
      const answer = client.metrics.names({ limit: MOST_NAMES, ...source }).then(({ names: found }) => found);
      names = { at: performance.now(), answer };
      // A failed answer is asked for again at the next key.
      answer.catch(() => {
        names = null;
      });
    }
    return names.answer;
  };
  const matchOf = (metric: string | undefined): { match?: string; source?: string } =>
    metric === undefined || metric === '' ? source : { match: metric, ...source };
  return {
    labelNames: async (metric) => client.metrics.labelNames(matchOf(metric)),
    labelValues: async (name, metric) => client.metrics.labelValues({ name, ...matchOf(metric) }),
    metricNames: async () => (await allNames()).map(({ name }) => name),
    metricMetadata: async () =>
      Object.fromEntries(
        (await allNames()).map(({ name, type, help }) => [name, [{ type: type ?? '', help: help ?? '' }]]),
      ),
    // Only asked for by completions that the two calls above answer.
    series: async () => Promise.resolve([]),
    flags: async () => Promise.resolve({}),
  };
}
