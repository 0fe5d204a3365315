import { createRouter } from '@tanstack/react-router';
import { alertsRoute } from '../pages/alerts/route.ts';
import { computerRoute } from '../pages/computer/route.ts';
import { logsRoute } from '../pages/logs/route.ts';
import { metricsRoute } from '../pages/metrics/route.ts';
import { overviewRoute } from '../pages/overview/route.ts';
import { serviceDetailRoute, servicesRoute } from '../pages/services/route.ts';
import { settingsRoute } from '../pages/settings/route.ts';
import { PageError } from './PageError.tsx';
import { rootRoute } from './root-route.ts';
import { parseSearch, stringifySearch } from './search-text.ts';

/** Addresses are the state of the view, the same under `app://` and under `http://`. */
export function createAppRouter() {
  return createRouter({
    routeTree: rootRoute.addChildren([
      overviewRoute,
      servicesRoute,
      serviceDetailRoute,
      computerRoute,
      metricsRoute,
      logsRoute,
      alertsRoute,
      settingsRoute,
    ]),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultErrorComponent: PageError,
    scrollRestoration: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
