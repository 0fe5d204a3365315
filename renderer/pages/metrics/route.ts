import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

/** `/metrics` is the exposition of the program itself, so the page lives at another address. */
export const metricsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/explore',
  component: lazyRouteComponent(async () => import('./MetricsPage.tsx'), 'MetricsPage'),
});
