export { openLogStore } from './log-store.ts';
export type {
  LogAnswer,
  LogContext,
  LogQuery,
  LogStore,
  LogStoreOptions,
  LogStoreStats,
  SearchOptions,
} from './log-store.ts';
export type { LogSelection } from './entry-filter.ts';
export type { LogHistogram } from './histogram.ts';
export type { LogSourceSummary } from './list-sources.ts';
export type { LogEntry } from './log-entry.ts';
export type { LogDirection, LogPage } from './search.ts';
export type { QueryProblem } from './text-query.ts';
