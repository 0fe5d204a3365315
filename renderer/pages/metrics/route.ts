import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

export interface MetricsSearch {
  /** One expression, or several that are drawn together. */
  expr?: string | readonly string[];
  /** The values at the end of the range in place of the chart. */
  view?: 'table';
  /** The data source that is asked; this instance when left out. */
  source?: string;
}

/** `/metrics` is the exposition of the program itself, so the page lives at another address. */
export const metricsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/explore',
  validateSearch: readMetricsSearch,
  component: lazyRouteComponent(async () => import('./MetricsPage.tsx'), 'MetricsPage'),
});

function readMetricsSearch(search: Record<string, unknown>): MetricsSearch {
  const read: MetricsSearch = {};
  const { expr, view, source } = search;
  const expressions = (Array.isArray(expr) ? (expr as readonly unknown[]) : [expr])
    // An expression that is a number alone arrives as one.
    .map((one) => (typeof one === 'number' ? String(one) : one))
    .filter((one): one is string => typeof one === 'string' && one.trim() !== '');
  const [first] = expressions;
  if (expressions.length > 1) read.expr = expressions;
  else if (first !== undefined) read.expr = first;
  if (view === 'table') read.view = view;
  if (typeof source === 'string' && source !== '') read.source = source;
  return read;
}

export function expressionsOf(search: MetricsSearch): readonly string[] {
  if (search.expr === undefined) return [];
  return typeof search.expr === 'string' ? [search.expr] : search.expr;
}
