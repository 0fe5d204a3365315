export { runScript } from './run-script.ts';
export type { CaseResult } from './run-script.ts';
export { MemorySource } from './memory-source.ts';
export type { ScriptHistogram } from './parse-series.ts';
export { parseMetricLabels, parseSeries } from './parse-series.ts';
