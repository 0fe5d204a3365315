import { describe, expect, it } from 'vitest';
import type { NotifyConfig } from '../../../electron/engine/config/configuration.ts';
import { brief, load, loadProblems, loadValue } from './memory-files.ts';

async function notify(text: string): Promise<NotifyConfig> {
  return (await loadValue('alertmanager_file: am.yml', { '/etc/am.yml': text })).notify;
}

async function problems(text: string): Promise<string[]> {
  return brief(await loadProblems('alertmanager_file: am.yml', { '/etc/am.yml': text }));
}

describe('the routing tree', () => {
  it('has the defaults of Alertmanager at its root and hands everything but matchers down', async () => {
    const { route } = await notify(`
route:
  receiver: a
  group_by: [alertname]
  routes:
    - match: {severity: critical}
      match_re: {team: 'x|y'}
      matchers: [ 'env = "prod"', "zone!~a.*" ]
      continue: true
      group_wait: 1s
      routes:
        - {receiver: b, group_by: []}
receivers: [{name: a}, {name: b}]
`);
    const times = { muteTimeIntervals: [], activeTimeIntervals: [] };
    const defaults = { groupIntervalMs: 300_000, repeatIntervalMs: 14_400_000, ...times };
    expect(route).toEqual({
      receiver: 'a',
      groupBy: ['alertname'],
      groupWaitMs: 30_000,
      ...defaults,
      matchers: [],
      continue: false,
      routes: [
        {
          receiver: 'a',
          groupBy: ['alertname'],
          groupWaitMs: 1000,
          ...defaults,
          matchers: [
            { name: 'severity', operator: '=', value: 'critical' },
            { name: 'team', operator: '=~', value: 'x|y' },
            { name: 'env', operator: '=', value: 'prod' },
            { name: 'zone', operator: '!~', value: 'a.*' },
          ],
          continue: true,
          routes: [
            { receiver: 'b', groupBy: [], groupWaitMs: 1000, ...defaults, matchers: [], continue: false, routes: [] },
          ],
        },
      ],
    });
  });

  it('is checked at every depth', async () => {
    const found = await problems(`route:
  group_by: [a, a, b-c]
  continue: true
  matchers: [a=b]
  routes:
    - receiver: none
      group_interval: 0s
    - receiver: none
      matchers: ['=x']
      mute_time_intervals: [night]
      routes:
        - {receiver: a, group_by: ['...', x], wait: 1s}
receivers: [{name: a}, {name: a}, {name: ''}]
`);
    expect(found).toEqual([
      'am.yml:2:3 root route must specify a default receiver.',
      'am.yml:2:17 duplicated label "a" in group_by.',
      'am.yml:2:20 invalid label name "b-c" in group_by list.',
      'am.yml:3:3 cannot have continue in root route.',
      'am.yml:4:3 root route must not have any matchers.',
      'am.yml:7:23 The interval cannot be zero.',
      'am.yml:8:17 undefined receiver "none" used in route.',
      'am.yml:9:18 bad matcher format: =x: a label name is missing at "=x".',
      'am.yml:10:29 undefined time interval "night" used in route.',
      'am.yml:12:47 Unknown key "wait".',
      'am.yml:13:31 notification config name "a" is not unique.',
      'am.yml:13:42 missing name in receiver.',
    ]);
  });

  it('must be there', async () => {
    expect(await problems('receivers: []')).toEqual(['am.yml:1:1 no routes provided.']);
  });
});

describe('receivers', () => {
  it('become channels, and those that cannot be sent through are named', async () => {
    const loaded = await load('alertmanager_file: am.yml', {
      '/etc/am.yml': `
route: {receiver: a}
receivers:
  - name: a
    desktop_configs: [{}, {send_resolved: false}]
    webhook_configs:
      - {url: 'http://h:5001/', max_alerts: 3, headers: {X-A: b}}
      - {url: '\${keychain:hook}', send_resolved: false}
    sns_configs: [{topic_arn: 'arn:a'}]
`,
    });
    if (!loaded.ok) throw new Error('refused');
    expect(JSON.stringify(loaded.value.notify.receivers[0]?.channels)).toBe(
      JSON.stringify([
        { kind: 'desktop', sendResolved: true },
        { kind: 'desktop', sendResolved: false },
        { kind: 'webhook', url: '<secret>', sendResolved: true, maxAlerts: 3, headers: { 'X-A': 'b' } },
        { kind: 'webhook', url: { kind: 'keychain', name: 'hook' }, sendResolved: false, maxAlerts: 0, headers: {} },
        { kind: 'unsupported', name: 'sns' },
      ]),
    );
    expect(brief(loaded.warnings)).toEqual(['am.yml:9:19 Receiver "a": nothing can be sent through sns yet.']);
  });

  it('say so when none of them shows popups', async () => {
    const loaded = await load('alertmanager: {route: {receiver: a}, receivers: [{name: a}]}');
    expect(loaded.ok && brief(loaded.warnings)).toEqual([
      'vedette.yml:1:38 No receiver has desktop_configs, so no popup is shown.',
    ]);
  });

  it('need one address for a webhook', async () => {
    const found = await problems(
      'route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{}, {url: "http://h", url_file: f}, {url: h}, null]}]',
    );
    expect(found).toEqual([
      'am.yml:2:41 one of url or url_file must be configured.',
      'am.yml:2:45 at most one of url & url_file must be configured.',
      'am.yml:2:83 The address is not a URL with http or https and a host.',
      'am.yml:2:87 The entry is empty.',
    ]);
  });
});

describe('inhibition', () => {
  it('reads the old and the new form', async () => {
    const { inhibitRules } = await notify(`
route: {receiver: a}
receivers: [{name: a, desktop_configs: [{}]}]
inhibit_rules:
  - source_match: {severity: critical}
    target_match_re: {severity: 'warning|info'}
    equal: [alertname]
  - source_matchers: 'a="b", c=~d'
    target_matchers: [e!=f]
`);
    expect(inhibitRules).toEqual([
      {
        sourceMatchers: [{ name: 'severity', operator: '=', value: 'critical' }],
        targetMatchers: [{ name: 'severity', operator: '=~', value: 'warning|info' }],
        equal: ['alertname'],
      },
      {
        sourceMatchers: [
          { name: 'a', operator: '=', value: 'b' },
          { name: 'c', operator: '=~', value: 'd' },
        ],
        targetMatchers: [{ name: 'e', operator: '!=', value: 'f' }],
        equal: [],
      },
    ]);
  });
});
