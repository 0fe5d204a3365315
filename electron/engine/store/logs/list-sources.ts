import type { LogType } from '../../config/configuration.ts';
import { LOG_LEVELS } from '../../collect/parse/log-level.ts';
import { levelCode } from './block-codec.ts';
import type { DayFiles } from './day-files.ts';
import type { HotLog } from './hot-log.ts';

export interface LogSourceSummary {
  readonly source: string;
  readonly type: LogType;
  readonly entries: number;
  /** One count for each of `LOG_LEVELS`. */
  readonly levels: readonly number[];
  /** Oldest and newest entry, to the precision of a block. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Every source that has entries, by name. Reads headers only. */
export function listSources(hot: HotLog, files: DayFiles): LogSourceSummary[] {
  const found = new Map<string, { source: string; type: LogType; levels: number[]; firstMs: number; lastMs: number }>();
  const add = (source: string, type: LogType, levels: readonly number[], firstMs: number, lastMs: number): void => {
    const key = `${type} ${source}`;
    let summary = found.get(key);
    if (summary === undefined) {
      summary = { source, type, levels: LOG_LEVELS.map(() => 0), firstMs, lastMs };
      found.set(key, summary);
    }
    for (const [code, count] of levels.entries()) summary.levels[code] = (summary.levels[code] ?? 0) + count;
    summary.firstMs = Math.min(summary.firstMs, firstMs);
    summary.lastMs = Math.max(summary.lastMs, lastMs);
  };
  for (const { type, day } of files.all()) {
    for (const header of files.find(type, day)?.headers() ?? []) {
      for (const [source, levels] of Object.entries(header.counts)) {
        add(source, type, levels, header.firstMs, header.lastMs);
      }
    }
  }
  for (const { type, entries } of hot.pending) {
    for (const { origin, level, timestampMs } of entries) {
      const code = levelCode(level);
      add(
        origin.source,
        type,
        LOG_LEVELS.map((_, index) => (index === code ? 1 : 0)),
        timestampMs,
        timestampMs,
      );
    }
  }
  return [...found.values()]
    .map((summary) => ({ ...summary, entries: summary.levels.reduce((sum, count) => sum + count, 0) }))
    .sort((a, b) => a.source.localeCompare(b.source) || a.type.localeCompare(b.type));
}
