export { type CompiledMatcher, compileMatcher } from './compile-matcher.ts';
export {
  type MetricStore,
  type MetricStoreOptions,
  openMetricStore,
  type RefusedSamples,
  type StoreRules,
} from './metric-store.ts';
export type { MetricRetention, RetentionSlice } from './retain-metrics.ts';
export { DEFAULT_SERIES_LIMITS, type SeriesLimits, type SeriesUse } from './series-limits.ts';
export type { SampleSource, SampleUse, SelectHint, SeriesColumns } from './sample-source.ts';
export type { MetricStoreStats } from './store-stats.ts';
