import { functionNames, type PromqlFeature } from '../query/promql/index.ts';

/** `data` of `/api/v1/features`: what a client may rely on. Source: Prometheus, util/features. */
export function featuresData(enabled: ReadonlySet<PromqlFeature>): Record<string, Record<string, boolean>> {
  const all = (names: readonly string[]): Record<string, boolean> =>
    Object.fromEntries(names.map((name) => [name, true]));
  return {
    api: {
      ...all(['label_values_match', 'lifecycle', 'query_stats', 'query_warnings', 'remote_write_receiver', 'time_range_labels', 'time_range_series']), // prettier-ignore
      admin: false,
      exclude_alerts: true,
      otlp_write_receiver: false,
    },
    promql: { ...all(['anchored_regex', 'at_modifier', 'bool', 'by', 'duration_expr', 'group_left', 'group_right', 'ignoring', 'negative_offset', 'offset', 'on', 'per_query_lookback_delta', 'subqueries', 'without']) }, // prettier-ignore
    promql_functions: all(functionNames(enabled.has('promql-experimental-functions'))),
    prometheus: { stringlabels: true },
  };
}
