export { checkOpenMetrics } from './check-openmetrics.ts';
export type { MetricMetadata } from './metadata.ts';
export { startScraping } from './targets.ts';
export type { Scraping, ScrapingOptions, TargetMetadata, TargetStatus } from './targets.ts';
