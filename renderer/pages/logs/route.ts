import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { LogLevel } from '../../../shared/contract/logs.ts';
import { rootRoute } from '../../app/root-route.ts';
import { LEVELS } from './levels.ts';

/** What the address of the log page holds besides the range: `/logs?q=timeout&levels=error,warn&line=…`. */
export interface LogsSearch {
  /** The search text, see `logFilterSchema`. */
  q?: string;
  /** Levels that are shown, separated by commas; all when it is left out. */
  levels?: string;
  /** Sources that are shown, separated by commas; a comma in a name is written `%2C`. */
  sources?: string;
  /** The entry whose details are open. */
  line?: string;
}

export const logsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/logs',
  validateSearch: readLogsSearch,
  component: lazyRouteComponent(async () => import('./LogsPage.tsx'), 'LogsPage'),
});

export function readLogsSearch(search: Record<string, unknown>): LogsSearch {
  const read: LogsSearch = {};
  for (const name of ['q', 'levels', 'sources', 'line'] as const) {
    const value = search[name];
    // A search for 500 arrives as a number, and one for "true" as a truth value.
    if (typeof value === 'string' && value !== '') read[name] = value;
    else if (typeof value === 'number' || typeof value === 'boolean') read[name] = String(value);
  }
  return read;
}

/** The levels of the address, worst first; empty for all. */
export function levelsOf(levels: string | undefined): readonly LogLevel[] {
  const wanted = (levels ?? '').split(',');
  return LEVELS.filter((level) => wanted.includes(level));
}

/** The sources of the address; empty for all. */
export function sourcesOf(sources: string | undefined): readonly string[] {
  return (sources ?? '')
    .split(',')
    .filter((name) => name !== '')
    .map((name) => name.replaceAll('%2C', ',').replaceAll('%25', '%'));
}

export function sourcesText(sources: readonly string[]): string {
  return sources.map((name) => name.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
}
