import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

const TABS = ['silences', 'incidents', 'rules', 'deliveries', 'audit', 'noise', 'new-rule', 'ready-rules'] as const;

export interface AlertsSearch {
  /** The id of the alert that is open; popups lead to it. */
  alert?: string;
  tab?: (typeof TABS)[number];
  /** The rule file that is open, and the line to show in it. */
  file?: string;
  line?: number;
  /** Words that must occur in the name, the summary or the labels. */
  q?: string;
  /** What a new rule begins with. */
  name?: string;
  expr?: string;
  forMs?: number;
}

export const alertsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/alerts',
  validateSearch: readAlertsSearch,
  component: lazyRouteComponent(async () => import('./AlertsPage.tsx'), 'AlertsPage'),
});

function readAlertsSearch(search: Record<string, unknown>): AlertsSearch {
  const { alert, tab, file, line, q, name, expr, forMs } = search;
  const read: AlertsSearch = {};
  if (typeof alert === 'string' || typeof alert === 'number') read.alert = String(alert);
  const known = TABS.find((one) => one === tab);
  if (known !== undefined) read.tab = known;
  if (typeof name === 'string') read.name = name;
  if (typeof expr === 'string') read.expr = expr;
  if (typeof forMs === 'number' && forMs >= 0) read.forMs = forMs;
  if (typeof file === 'string' && file !== '') read.file = file;
  if (typeof line === 'number' && Number.isInteger(line)) read.line = line;
  if ((typeof q === 'string' && q !== '') || typeof q === 'number') read.q = String(q);
  return read;
}
