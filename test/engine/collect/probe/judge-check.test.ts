import { afterEach, expect, test } from 'vitest';
import { compileWindow } from '../../../../electron/engine/collect/judge/maintenance-window.ts';
import { startChecks } from '../../../../electron/engine/collect/probe/checks.ts';
import type { ChecksOptions, Checks } from '../../../../electron/engine/collect/probe/index.ts';
import type { CheckConfig, CheckJudgement } from '../../../../electron/engine/config/index.ts';
import { JUDGEMENT_DEFAULTS } from '../../../../electron/engine/config/read-judgement.ts';
import { createScheduler } from '../../../../electron/engine/schedule/index.ts';
import { openStateStore } from '../../../../electron/engine/store/state/index.ts';
import type { StateStore } from '../../../../electron/engine/store/state/index.ts';
import { createArraySink } from '../../../doubles/array-sink.ts';
import type { ArraySink } from '../../../doubles/array-sink.ts';
import { calmPorts } from '../../../doubles/check-ports.ts';
import { startServer } from '../../../doubles/http-server.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import type { ManualClock } from '../../../doubles/manual-clock.ts';
import { checkConfig, probePorts } from './check-settings.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Services on one server: those whose path is in `down` answer 500. */
async function services(): Promise<{ url: string; down: Set<string>; delayMs: { now: number } }> {
  const down = new Set<string>();
  const delayMs = { now: 0 };
  const server = await startServer((request, response) => {
    if (delayMs.now > 0) stageClock.clock.advance(delayMs.now);
    response.writeHead(down.has((request.url ?? '').slice(1)) ? 500 : 200).end('answer');
  });
  closers.push(() => server.close());
  return { url: server.url, down, delayMs };
}

const stageClock: { clock: ManualClock } = { clock: createManualClock() };

interface Stage {
  readonly checks: Checks;
  readonly sink: ArraySink;
  readonly clock: ManualClock;
  readonly state: StateStore;
  /** Ask each of these now, one after the other, a second apart. */
  readonly ask: (...names: string[]) => Promise<void>;
  readonly states: () => string;
}

function stage(configs: CheckConfig[], ports: Partial<ChecksOptions> = {}, state?: StateStore): Stage {
  const clock = createManualClock();
  stageClock.clock = clock;
  const sink = createArraySink();
  const log = (): void => undefined;
  const scheduler = createScheduler({ clock, log, limits: { global: 10, perHost: 10 }, onGap: () => undefined });
  const store = state ?? openStateStore({ file: ':memory:', clock, log });
  const checks = startChecks({
    checks: configs,
    sink,
    scheduler,
    clock,
    log,
    ...calmPorts(),
    memory: store.checkHistory,
    ports: probePorts,
    ...ports,
  });
  closers.push(() => {
    checks.stop();
    scheduler.stop();
  });
  return {
    checks,
    sink,
    clock,
    state: store,
    async ask(...names) {
      for (const name of names) {
        await checks.runNow(name);
        // Timers stay where they are: the schedule has no say here.
        clock.stepWall(1000);
      }
    },
    states: () =>
      checks
        .checks()
        .map(({ name, state: now }) => `${name} ${now}`)
        .join(', '),
  };
}

/** Asked by hand only: the schedule comes once a day. */
function check(url: string, name: string, judgement: Partial<CheckJudgement> = {}): CheckConfig {
  return checkConfig(
    `${url}/${name}`,
    {},
    { name, intervalMs: 86_400_000, judgement: { ...JUDGEMENT_DEFAULTS, retryIntervalMs: 86_400_000, ...judgement } },
  );
}

const DAY_MS = 86_400_000;

test('a child of a dead parent is unreachable, and the parent is asked before the child is blamed', async () => {
  const { url, down } = await services();
  const configs = [
    check(url, 'router', { failuresBeforeDown: 1 }),
    check(url, 'api', { failuresBeforeDown: 1, dependsOn: ['router'] }),
  ];
  const { ask, states, checks, sink } = stage(configs);
  await ask('router', 'api');
  down.add('api');
  await ask('api');
  expect(states()).toBe('router up, api down');
  down.delete('api');
  await ask('api');
  for (const name of ['router', 'api']) down.add(name);
  await ask('api');
  expect(states()).toBe('router down, api unreachable');
  expect(checks.checks()[1]).toMatchObject({ unreachableBy: 'router', isHeldDown: false });
  expect(sink.last(`vedette_check_down{check="api", instance="${url}/api", job="check"}`)).toBe(0);
  expect(sink.last(`vedette_check_state{check="api", instance="${url}/api", job="check", state="unreachable"}`)).toBe(
    1,
  );
});

test('a child waits while its parent fails and is not known to be down', async () => {
  const { url, down } = await services();
  const { ask, states } = stage([
    check(url, 'router', { failuresBeforeDown: 2 }),
    check(url, 'api', { failuresBeforeDown: 1, dependsOn: ['router'] }),
  ]);
  await ask('router', 'api');
  for (const name of ['router', 'api']) down.add(name);
  await ask('api');
  expect(states()).toBe('router up, api up');
  await ask('router', 'api');
  expect(states()).toBe('router down, api unreachable');
});

test('while our own network is down nobody is blamed and nothing is charged', async () => {
  const noted: string[] = [];
  const network = {
    note: (host: string, reached: boolean) => void noted.push(`${host} ${String(reached)}`),
    isToBlame: () => Promise.resolve(true),
  };
  // Nothing listens on the discard port of an address that is kept for documentation: the lookup fails at once.
  const config = check('http://nowhere.invalid', 'far', { failuresBeforeDown: 1 });
  const { ask, states, sink, checks } = stage([config], { network });
  await ask('far');
  expect(noted).toEqual(['nowhere.invalid false']);
  expect(states()).toBe('far unknown');
  const [status] = checks.checks();
  expect(['own-network', 'dns-server']).toContain(status?.last?.reason?.code);
  expect(sink.samples.some(({ series }) => series.startsWith('probe_success'))).toBe(false);
});

test('an answer that is too slow is degraded, with the reason', async () => {
  const { url, delayMs } = await services();
  const { ask, checks } = stage([check(url, 'api', { slowAfterMs: 500 })]);
  delayMs.now = 700;
  await ask('api');
  expect(checks.checks()[0]).toMatchObject({
    state: 'degraded',
    last: { reason: { code: 'slow', message: 'Answered in 0.70 s; the limit is 0.50 s.' } },
  });
});

test('a check that changes again and again flaps: it is told once', async () => {
  const { url, down } = await services();
  const { ask, checks, sink } = stage([check(url, 'api', { failuresBeforeDown: 1 })]);
  const flapping: boolean[] = [];
  for (let i = 0; i < 8; i += 1) {
    if (i % 2 === 1) down.add('api');
    else down.delete('api');
    await ask('api');
    flapping.push(checks.checks()[0]?.isFlapping ?? false);
  }
  expect(flapping).toEqual([false, false, false, false, true, true, true, true]);
  expect(sink.last(`vedette_check_flapping{check="api", instance="${url}/api", job="check"}`)).toBe(1);
});

test('uptime is exact: down since the first failure, maintenance and sleep apart', async () => {
  const { url, down } = await services();
  const startMs = createManualClock().now();
  const window = compileWindow({
    name: 'backup',
    checks: ['api'],
    matchers: [],
    times: { kind: 'once', fromMs: startMs + 400_000, untilMs: startMs + 500_000 },
  });
  const maintenance = {
    at: (one: { name: string; labels: Readonly<Record<string, string>> }, ms: number) => {
      const time = window.covers(one) ? window.activeAt(ms) : null;
      return time === null ? null : { ...time, id: null, name: 'backup' };
    },
  };
  const config = { ...check(url, 'api', { failuresBeforeDown: 2 }), intervalMs: 100_000 };
  const { checks, clock, state } = stage([config], { maintenance });
  const askAt = async (seconds: number): Promise<void> => {
    while (clock.now() < startMs + seconds * 1000) {
      // The schedule of this check is its own; here only the hand counts.
      clock.stepWall(startMs + seconds * 1000 - clock.now());
    }
    await checks.runNow('api');
  };
  await askAt(0);
  await askAt(100);
  down.add('api');
  await askAt(200);
  await askAt(250);
  await askAt(300);
  down.delete('api');
  await askAt(350);
  down.add('api');
  await askAt(450);
  down.delete('api');
  await askAt(550);
  checks.gap();
  await askAt(5000);
  await askAt(5100);
  checks.flush();
  const range = { fromMs: startMs, toMs: startMs + DAY_MS };
  const found = state.checkHistory.durationsOf('api', range);
  expect(found).toEqual({ up: (200 + 50 + 50 + 100) * 1000, down: 150_000, maintenance: 100_000 });
  expect(state.checkHistory.intervals('api', range, ['down', 'maintenance'], 9)).toMatchObject([
    { state: 'maintenance', fromMs: startMs + 400_000, untilMs: startMs + 500_000, reason: 'backup' },
    { state: 'down', fromMs: startMs + 200_000, untilMs: startMs + 350_000 },
  ]);
});

test('a restart goes on where the program ended, and another address is another check', async () => {
  const { url, down } = await services();
  const first = stage([check(url, 'api')]);
  down.add('api');
  await first.ask('api', 'api');
  first.checks.stop();
  const second = stage([check(url, 'api')], {}, first.state);
  expect(second.checks.checks()[0]).toMatchObject({ state: 'down', isHeldDown: true, consecutiveFailures: 2 });
  second.checks.stop();
  const third = stage([{ ...check(url, 'other'), name: 'api' }], {}, first.state);
  expect(third.checks.checks()[0]).toMatchObject({ state: 'pending' });
});
