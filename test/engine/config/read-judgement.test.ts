import { describe, expect, it } from 'vitest';
import {
  loadConfiguration,
  printConfiguration,
  type Configuration,
  type LoadedConfiguration,
} from '../../../electron/engine/config/index.ts';
import { memoryFiles } from './memory-files.ts';

const load = (text: string): Promise<LoadedConfiguration> =>
  loadConfiguration({ file: '/etc/vedette.yml', environment: {}, files: memoryFiles({ '/etc/vedette.yml': text }) });

async function loadValue(text: string): Promise<Configuration> {
  const loaded = await load(text);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value;
}

/** `line:column message`, one for each problem. */
async function problems(text: string): Promise<string[]> {
  const loaded = await load(text);
  if (loaded.ok) throw new Error('It was accepted.');
  return loaded.problems.map(({ line, column, message }) => `${String(line)}:${String(column)} ${message}`);
}

describe('how checks are judged', () => {
  it('has defaults, which check_defaults changes for all and a check for itself', async () => {
    const { checks } = await loadValue(`
check_defaults:
  failures_before_down: 3
  degraded: {latency: 2s}
  flapping: {high: 30, low: 10}
checks:
  - {name: a, http: {url: 'http://a/'}}
  - name: b
    failures_before_down: 1
    successes_before_up: 2
    retry_interval: 10s
    degraded: {certificate: 2w}
    flapping: {enabled: false}
    depends_on: [a]
    http: {url: 'http://b/'}
`);
    expect(checks.map(({ judgement }) => judgement)).toEqual([
      {
        failuresBeforeDown: 3,
        successesBeforeUp: 1,
        retryIntervalMs: 5000,
        slowAfterMs: 2000,
        certificateMs: null,
        flapping: { highPercent: 30, lowPercent: 10 },
        dependsOn: [],
      },
      {
        failuresBeforeDown: 1,
        successesBeforeUp: 2,
        retryIntervalMs: 10_000,
        slowAfterMs: 2000,
        certificateMs: 1_209_600_000,
        flapping: null,
        dependsOn: ['a'],
      },
    ]);
  });

  it('refuses dependencies in a circle and on nothing, with their place', async () => {
    expect(
      await problems(
        [
          'checks:',
          "  - {name: api, http: {url: 'http://a/'}, depends_on: [db]}",
          "  - {name: db, http: {url: 'http://b/'}, depends_on: [disk]}",
          "  - {name: disk, http: {url: 'http://c/'}, depends_on: [api]}",
          "  - {name: web, http: {url: 'http://d/'}, depends_on: [apo]}",
          "  - {name: self, http: {url: 'http://e/'}, depends_on: [self]}",
        ].join('\n'),
      ),
    ).toEqual([
      '2:56 The checks depend on each other in a circle: api → db → disk → api.',
      '5:56 There is no check "apo" to depend on.',
    ]);
  });

  it('refuses what makes no sense', async () => {
    const text = [
      'check_defaults: {failures_before_down: 0}',
      "checks: [{name: a, retry_interval: 1ms, flapping: {high: 5, low: 20}, http: {url: 'http://a/'}}]",
      "network: {anchors: ['router']}",
    ].join('\n');
    expect(await problems(text)).toEqual([
      '1:40 "0" is not a number from 1 to 999.',
      '2:36 A check cannot run more often than once a second.',
      '2:51 Flapping would end above 20 % and begin only at 5 %.',
      '3:21 "router" is not an address with a port.',
    ]);
  });
});

describe('maintenance', () => {
  it('takes place once or again and again, in a time zone', async () => {
    const text = `
maintenance:
  - {name: move, checks: [db], from: '2026-07-01 22:00', until: '2026-07-02 02:00', time_zone: Europe/Berlin}
  - {name: exact, from: '2026-07-01T22:00:00+02:00', duration: 1h}
  - name: backup
    matchers: ['team="core"', 'env=~"p.*"']
    at: '02:30'
    duration: 90m
    weekdays: [sat:mon, wed]
    days_of_month: [1, -1]
    time_zone: Asia/Shanghai
`;
    const { maintenance } = await loadValue(text);
    expect(maintenance).toEqual([
      {
        name: 'move',
        checks: ['db'],
        matchers: [],
        times: {
          kind: 'once',
          fromMs: Date.parse('2026-07-01T20:00:00Z'),
          untilMs: Date.parse('2026-07-02T00:00:00Z'),
        },
      },
      {
        name: 'exact',
        checks: [],
        matchers: [],
        times: {
          kind: 'once',
          fromMs: Date.parse('2026-07-01T20:00:00Z'),
          untilMs: Date.parse('2026-07-01T21:00:00Z'),
        },
      },
      {
        name: 'backup',
        checks: [],
        matchers: [
          { name: 'team', operator: '=', value: 'core' },
          { name: 'env', operator: '=~', value: 'p.*' },
        ],
        times: {
          kind: 'recurring',
          atMinutes: 150,
          durationMs: 5_400_000,
          weekdays: [6, 0, 1, 3],
          daysOfMonth: [1, -1],
          timeZone: 'Asia/Shanghai',
        },
      },
    ]);
  });

  it('reads back what it prints', async () => {
    const loaded = await load(
      `maintenance: [{name: b, at: '02:30', duration: 90m, weekdays: [sat]}, {name: o, from: '2026-07-01 22:00', duration: 1h}]`,
    );
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect((await loadValue(printConfiguration(loaded))).maintenance).toEqual(loaded.value.maintenance);
  });

  it('says what is wrong, and where', async () => {
    const text = [
      'maintenance:',
      '  - {name: neither, duration: 1h}',
      "  - {name: endless, at: '02:00'}",
      "  - {name: backwards, from: '2026-07-02 02:00', until: '2026-07-01 02:00'}",
      "  - {name: when, at: '25:00', duration: 1h, weekdays: [someday], time_zone: Mars/Olympus}",
      "  - {name: who, at: '02:00', duration: 1h, matchers: ['team']}",
    ].join('\n');
    expect(await problems(text)).toEqual([
      '2:5 A maintenance has either "from" (once) or "at" (again and again).',
      '3:5 A recurring maintenance has a duration.',
      '4:56 The maintenance ends before it begins.',
      '5:22 "25:00" is not a time of day.',
      '5:56 "someday" is not a weekday.',
      '5:77 "Mars/Olympus" is not a time zone.',
      '6:55 bad matcher format: team: an operator (=, !=, =~, !~) is missing at "".',
    ]);
  });
});
