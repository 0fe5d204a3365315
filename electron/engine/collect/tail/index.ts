export { createLogPipeline } from './log-pipeline.ts';
export type { LogFileStatus, LogPipeline, LogPipelineOptions } from './log-pipeline.ts';
export type { LogSink } from './log-sink.ts';
