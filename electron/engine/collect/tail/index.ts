export { createLogPipeline } from './log-pipeline.ts';
export type { LogFileStatus, LogPipeline, LogPipelineOptions } from './log-pipeline.ts';
export type { LogSink } from './log-sink.ts';
export { countEntries } from './count-entries.ts';
export type { CountingSink, LogCount } from './count-entries.ts';
