import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

export interface AlertsSearch {
  /** The id of the alert that is open. */
  alert?: string;
}

export const alertsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/alerts',
  validateSearch: (search: Record<string, unknown>): AlertsSearch =>
    typeof search['alert'] === 'string' ? { alert: search['alert'] } : {},
  component: lazyRouteComponent(async () => import('./AlertsPage.tsx'), 'AlertsPage'),
});
