export { checkExposition } from './check-exposition.ts';
export type { ExpositionReport } from './check-exposition.ts';
export { checkOpenMetrics } from './check-openmetrics.ts';
export type { ExpositionFormat } from './parse-exposition.ts';
export type { MetricMetadata } from './metadata.ts';
export { startScraping } from './targets.ts';
export type { Scraping, ScrapingOptions, TargetMetadata, TargetStatus } from './targets.ts';
export type { DroppedTargets } from './target-pools.ts';
