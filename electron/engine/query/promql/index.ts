export { queryInstant, queryRange } from './query.ts';
export type {
  InstantOptions,
  QueryOptions,
  QueryableSamples,
  QueryOutcome,
  QueryProblem,
  QueryStats,
  RangeOptions,
} from './query.ts';
export type { Cancellation } from './evaluate/run.ts';
export type { ExplainedNode } from './output/explain.ts';
export { PROMQL_FEATURES, promqlFeatures } from './syntax/features.ts';
export type { PromqlFeature } from './syntax/features.ts';
export { compareLabels } from './output/result.ts';
export type { QueryResult, ResultSample, ResultSeries } from './output/result.ts';
export { prometheusJson, prometheusJsonPieces } from './output/prometheus-json.ts';
export { reduceColumns } from './output/reduce-columns.ts';
export type { ReducedColumns } from './output/reduce-columns.ts';
export { createParseCache } from './syntax/parse-cache.ts';
export { parsePromql, parseSelector } from './syntax/parse-promql.ts';
export type { ParseResult } from './syntax/parse-promql.ts';
export type { ParseProblem } from './syntax/problem.ts';
export type { Expr, ValueType } from './syntax/expr.ts';
export { typeOf } from './syntax/check-expr.ts';
export { formatExpr } from './syntax/format-expr.ts';
export { functionNames } from './syntax/functions.ts';
export { formatGoFloat, formatPromDuration, parsePromDuration } from './syntax/go-number.ts';
