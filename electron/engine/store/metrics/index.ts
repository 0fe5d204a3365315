export { type CompiledMatcher, compileMatcher } from './compile-matcher.ts';
export { type MetricStore, type MetricStoreOptions, openMetricStore, type RefusedSamples } from './metric-store.ts';
export type { MetricRetention, RetentionSlice } from './retain-metrics.ts';
export type { SampleSource, SeriesColumns } from './sample-source.ts';
export type { MetricStoreStats } from './store-stats.ts';
