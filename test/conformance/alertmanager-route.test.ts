import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildWebhookBody } from '../../electron/engine/alert/notify/webhook.ts';
import { fingerprint } from '../../electron/engine/alert/route/fingerprint.ts';
import { compileMatchers } from '../../electron/engine/alert/route/match-labels.ts';
import type { NotifiedAlert } from '../../electron/engine/alert/route/notification.ts';
import { buildRoute, groupKey, groupLabels, matchRoutes } from '../../electron/engine/alert/route/route-tree.ts';
import type { RouteConfig } from '../../electron/engine/config/configuration.ts';
import type { LabelRecord } from '../../shared/model/labels.ts';
import type { Matcher } from '../../shared/model/matcher.ts';

const FOLDER = '../shared/conformance/alertmanager';

function load(path: string): unknown {
  const file = `${FOLDER}/${path}`;
  if (!existsSync(file)) throw new Error(`${file} is missing: run this beside the conformance data.`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

describe('matchers against Alertmanager', () => {
  const cases = load('cases/matcher-match.json') as {
    op: Matcher['operator'];
    pattern: string;
    value: string;
    match: boolean;
  }[];
  it.each(cases)('$op $pattern on $value', ({ op, pattern, value, match }) => {
    expect(compileMatchers([{ name: 'l', operator: op, value: pattern }])({ l: value })).toBe(match);
  });
});

interface YamlRoute {
  readonly receiver?: string;
  readonly group_by?: readonly (string | readonly string[])[];
  readonly match?: LabelRecord;
  readonly match_re?: LabelRecord;
  readonly matchers?: readonly string[];
  readonly continue?: boolean;
  readonly routes?: readonly YamlRoute[];
}

/** As far as the routes of the cases need it: the real reading of configuration has tests of its own. */
function toConfig(route: YamlRoute, parent: { receiver: string; groupBy: readonly string[] }): RouteConfig {
  const matchers: Matcher[] = [
    ...Object.entries(route.match ?? {}).map(([name, value]): Matcher => ({ name, operator: '=', value })),
    ...Object.entries(route.match_re ?? {}).map(([name, value]): Matcher => ({ name, operator: '=~', value })),
    ...(route.matchers ?? []).map((text): Matcher => {
      const [, name = '', operator = '', value = ''] = /^\{?(\w+)(=~|!~|!=|=)"(.*)"\}?$/.exec(text) ?? [];
      return { name, operator: operator as Matcher['operator'], value };
    }),
  ];
  const own = { receiver: route.receiver ?? parent.receiver, groupBy: route.group_by?.flat() ?? parent.groupBy };
  const times = { groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: 0 };
  const routes = (route.routes ?? []).map((child) => toConfig(child, own));
  return {
    ...own,
    ...times,
    matchers,
    continue: route.continue ?? false,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    routes,
  };
}

describe('routes against Alertmanager', () => {
  const suites = load('cases/route-match.json') as {
    test: string;
    route_yaml: string;
    cases: {
      labels: LabelRecord;
      routes: { receiver: string; group_by: 'default' | string[]; group_by_all: boolean }[];
      keys?: string[];
    }[];
  }[];
  for (const suite of suites) {
    const root = buildRoute(toConfig(parse(suite.route_yaml) as YamlRoute, { receiver: '', groupBy: ['default'] }));
    it.each(suite.cases)(`${suite.test}: $labels`, ({ labels, routes, keys }) => {
      const matched = matchRoutes(root, labels);
      expect(matched.map(({ config }) => config.receiver)).toEqual(routes.map(({ receiver }) => receiver));
      const groupBy = routes.map((one) =>
        one.group_by === 'default' ? ['default'] : one.group_by_all ? ['...'] : [...one.group_by].sort(),
      );
      expect(matched.map(({ config }) => [...config.groupBy].sort())).toEqual(groupBy);
      // `match_re` is kept as it was written, without the anchors that Alertmanager shows in its keys.
      const plainKeys = keys?.map((key) => key.replace(/\^\(\?:(.*?)\)\$"/g, '$1"'));
      if (plainKeys !== undefined) expect(matched.map(({ key }) => key)).toEqual(plainKeys);
    });
  }
});

describe('webhooks of a real Alertmanager', () => {
  interface Sample {
    receiver: string;
    groupKey: string;
    groupLabels: LabelRecord;
    externalURL: string;
    status: 'firing' | 'resolved';
    alerts: {
      status: 'firing' | 'resolved';
      labels: LabelRecord;
      annotations: LabelRecord;
      startsAt: string;
      endsAt: string;
      generatorURL: string;
      fingerprint: string;
    }[];
  }
  it.each(['firing-single', 'resolved-single', 'group-1-firing', 'group-2-firing', 'group-3-firing'])(
    '%s is written the same',
    (name) => {
      const text = readFileSync(`${FOLDER}/oracle-samples/webhook-${name}.json`, 'utf8');
      // Milliseconds are the finest time here, nanoseconds there.
      const sample = JSON.parse(
        text.replace(/(\.\d{3})\d+Z/g, (_all, kept: string) => `${kept.replace(/0+$/, '')}Z`),
      ) as Sample;
      const alerts = sample.alerts.map((alert): NotifiedAlert => ({
        fingerprint: fingerprint(alert.labels),
        status: alert.status,
        labels: alert.labels,
        annotations: alert.annotations,
        startsAt: Date.parse(alert.startsAt),
        endsAt: alert.status === 'firing' ? null : Date.parse(alert.endsAt),
        generatorUrl: alert.generatorURL,
        value: null,
        isNews: true,
      }));
      const { receiver, groupLabels: labels, externalURL } = sample;
      const body = buildWebhookBody(
        {
          receiver,
          groupKey: sample.groupKey,
          groupLabels: labels,
          status: sample.status,
          alerts,
          externalUrl: externalURL,
          reason: 'first',
        },
        0,
      );
      expect(body).toBe(JSON.stringify(sample));
    },
  );

  it('builds the group keys of the samples', () => {
    const child = toConfig({ matchers: ['gw="1"'] }, { receiver: 'wh', groupBy: ['alertname', 'cluster'] });
    const root = buildRoute({ ...child, matchers: [], routes: [child] });
    const labels = { alertname: 'HighCPU', cluster: 'A', gw: '1', instance: 'h1' };
    const [route] = matchRoutes(root, labels);
    expect(route && groupKey(route, groupLabels(route, labels))).toBe('{}/{gw="1"}:{alertname="HighCPU", cluster="A"}');
  });
});
