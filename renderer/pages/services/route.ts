import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { State } from '../../../shared/model/state.ts';
import { rootRoute } from '../../app/root-route.ts';

export interface ServicesSearch {
  /** Words that must occur in the name, group, address or labels. */
  q?: string;
  state?: State;
}

const STATES: readonly State[] = ['up', 'degraded', 'down', 'unknown', 'maintenance', 'paused'];

export const servicesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/services',
  validateSearch: (search: Record<string, unknown>): ServicesSearch => {
    const read: ServicesSearch = {};
    const state = STATES.find((known) => known === search['state']);
    if (typeof search['q'] === 'string' && search['q'] !== '') read.q = search['q'];
    if (typeof search['q'] === 'number') read.q = String(search['q']);
    if (state !== undefined) read.state = state;
    return read;
  },
  component: lazyRouteComponent(async () => import('./ServicesPage.tsx'), 'ServicesPage'),
});

/** The id of a service holds slashes, so it travels as a parameter. */
export const serviceDetailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/services/detail',
  validateSearch: (search: Record<string, unknown>): { id: string } => ({
    id: typeof search['id'] === 'string' ? search['id'] : '',
  }),
  component: lazyRouteComponent(async () => import('./ServiceDetailPage.tsx'), 'ServiceDetailPage'),
});
