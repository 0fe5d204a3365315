import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { RouteConfig } from '../../config/configuration.ts';
import { compileMatchers, formatMatchers, type LabelTest } from './match-labels.ts';

/** A node of the route tree, ready to match. */
export interface Route {
  /** Its place in the tree, unique: two routes may have the same key. */
  readonly place: string;
  /** The matchers on the path from the root: `{}/{severity="critical"}`. */
  readonly key: string;
  readonly config: RouteConfig;
  readonly accepts: LabelTest;
  readonly children: readonly Route[];
}

export function buildRoute(config: RouteConfig, parentKey = '', place = '0'): Route {
  const own = formatMatchers(config.matchers);
  const key = parentKey === '' ? own : `${parentKey}/${own}`;
  return {
    place,
    key,
    config,
    accepts: compileMatchers(config.matchers),
    children: config.routes.map((child, index) => buildRoute(child, key, `${place}.${String(index)}`)),
  };
}

/**
 * The routes that take an alert, in order.
 *
 * Depth first: a child that accepts takes the alert, and its next sibling is asked only where the child says `continue`;
 * where no child takes it, the node itself does. Source: Alertmanager, dispatch/route.go.
 */
export function matchRoutes(route: Route, labels: LabelRecord): Route[] {
  if (!route.accepts(labels)) return [];
  const taken: Route[] = [];
  for (const child of route.children) {
    const matched = matchRoutes(child, labels);
    taken.push(...matched);
    if (matched.length > 0 && !child.config.continue) break;
  }
  return taken.length > 0 ? taken : [route];
}

/** The labels by which a route groups an alert; those that it lacks are left out. */
export function groupLabels(route: Route, labels: LabelRecord): LabelRecord {
  const { groupBy } = route.config;
  const names = groupBy.includes('...') ? Object.keys(labels) : groupBy.filter((name) => Object.hasOwn(labels, name));
  return Object.fromEntries([...names].sort().map((name) => [name, labels[name] ?? '']));
}

/** Alertmanager's key of a group: `{}/{severity="critical"}:{alertname="X", cluster="A"}`. */
export function groupKey(route: Route, group: LabelRecord): string {
  const labels = Object.entries(group).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${route.key}:{${labels.join(', ')}}`;
}
