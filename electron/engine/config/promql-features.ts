/**
 * What `promql.enable_features` and `--enable-feature` may name. The words are Prometheus's; of its other features none
 * changes what PromQL accepts or answers here. Source: Prometheus manual, "Feature flags".
 */
export const PROMQL_FEATURE_NAMES = [
  'promql-experimental-functions',
  'promql-extended-range-selectors',
  'promql-binop-fill-modifiers',
  'promql-delayed-name-removal',
  /** Always there; the name is taken so that a command line for Prometheus works. */
  'promql-duration-expr',
  /** Steps are counted one by one where a question asks for `stats=all`, as with this flag. */
  'promql-per-step-stats',
] as const;

export type PromqlFeatureName = (typeof PROMQL_FEATURE_NAMES)[number];
