import { afterEach, expect, test } from 'vitest';
import { startChecks } from '../../../../electron/engine/collect/probe/checks.ts';
import type { Checks } from '../../../../electron/engine/collect/probe/checks.ts';
import type { CheckConfig } from '../../../../electron/engine/config/index.ts';
import { createScheduler } from '../../../../electron/engine/schedule/index.ts';
import { createArraySink } from '../../../doubles/array-sink.ts';
import type { ArraySink } from '../../../doubles/array-sink.ts';
import { startServer } from '../../../doubles/http-server.ts';
import type { Answer, LocalServer } from '../../../doubles/http-server.ts';
import { calmPorts } from '../../../doubles/check-ports.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import type { ManualClock } from '../../../doubles/manual-clock.ts';
import { checkConfig, probePorts } from './check-settings.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Stage {
  readonly checks: Checks;
  readonly sink: ArraySink;
  readonly clock: ManualClock;
  /** `name before>after`, one for each result. */
  readonly results: string[];
  /** Let scheduled time pass until `count` more results have come in. */
  readonly pass: (count: number) => Promise<void>;
}

function stage(...configs: CheckConfig[]): Stage {
  const clock = createManualClock();
  const sink = createArraySink();
  const results: string[] = [];
  const log = (): void => undefined;
  const scheduler = createScheduler({ clock, log, limits: { global: 10, perHost: 10 }, onGap: () => undefined });
  const onResult: Parameters<typeof startChecks>[0]['onResult'] = (status, before) => {
    results.push(`${status.name} ${before}>${status.state}`);
  };
  const checks = startChecks({
    checks: configs,
    sink,
    scheduler,
    clock,
    log,
    onResult,
    ...calmPorts(),
    ports: probePorts,
  });
  closers.push(() => {
    checks.stop();
    scheduler.stop();
  });
  return {
    checks,
    sink,
    clock,
    results,
    async pass(count) {
      const wanted = results.length + count;
      while (results.length < wanted) await clock.run(5);
    },
  };
}

async function serving(answer: Answer): Promise<LocalServer> {
  const server = await startServer(answer);
  closers.push(() => server.close());
  return server;
}

test('results become series, a history and a standing', async () => {
  const server = await serving((_, response) => response.end('fine'));
  const { checks, sink, pass } = stage(checkConfig(`${server.url}/health`, {}, { labels: { team: 'core' } }));
  expect(checks.checks()).toMatchObject([{ name: 'api', state: 'pending', since: null, last: null, history: [] }]);
  await pass(3);
  const [status] = checks.checks();
  expect(status).toMatchObject({
    name: 'api',
    kind: 'http',
    address: `${server.url}/health`,
    state: 'up',
    consecutiveSuccesses: 3,
    labels: { job: 'check', check: 'api', instance: `${server.url}/health`, team: 'core' },
    last: { outcome: 'up', http: { status: 200 } },
  });
  expect(status?.history.map(({ outcome }) => outcome)).toEqual(['up', 'up', 'up']);
  expect(status?.since).toBe(status?.history[0]?.at);
  const labels = `check="api", instance="${server.url}/health", job="check"`;
  expect(sink.last(`probe_success{${labels}, team="core"}`)).toBe(1);
  expect(sink.last(`vedette_check_state{${labels}, state="up", team="core"}`)).toBe(1);
  expect(sink.last(`vedette_check_state{${labels}, state="down", team="core"}`)).toBe(0);
});

test('a first failure is looked at again after seconds, and the second says down', async () => {
  const server = await serving((_, response) => response.writeHead(500).end());
  const { checks, clock, results, pass } = stage(checkConfig(server.url, {}, { intervalMs: 3_600_000 }));
  const startedAt = clock.now();
  await pass(2);
  expect(clock.now() - startedAt).toBeLessThan(7000);
  expect(results).toEqual(['api pending>pending', 'api pending>down']);
  expect(checks.checks()[0]).toMatchObject({ state: 'down', last: { reason: { code: 'status' } } });
});

test('what a result no longer has ends with a stale marker', async () => {
  let isBroken = false;
  const server = await serving((request, response) => {
    if (isBroken) request.socket.destroy();
    else response.end('fine');
  });
  const { sink, pass } = stage(checkConfig(`${server.url}/`));
  await pass(1);
  isBroken = true;
  await pass(1);
  const labels = `check="api", instance="${server.url}/", job="check"`;
  expect(sink.last(`probe_http_version{${labels}}`)).toBe('stale');
  expect(sink.last(`probe_success{${labels}}`)).toBe(0);
});

test('a check can be run at once, and never twice at a time', async () => {
  let release: () => void = () => undefined;
  const server = await serving((_, response) => {
    release = () => response.end('fine');
  });
  const { checks, results } = stage(checkConfig(server.url));
  const both = [checks.runNow('api'), checks.runNow('api')];
  await server.nextRequest();
  release();
  expect((await Promise.all(both)).map((status) => status?.state)).toEqual(['up', 'up']);
  expect([server.requests.length, results.length]).toEqual([1, 1]);
  expect(await checks.runNow('nothing')).toBeNull();
});

test('a run beside the schedule keeps the time limit', async () => {
  const server = await serving(() => undefined);
  const { checks, clock } = stage(checkConfig(server.url));
  const status = checks.runNow('api');
  await server.nextRequest();
  clock.advance(10_000);
  expect(await status).toMatchObject({ last: { outcome: 'down', reason: { code: 'timeout' } } });
});

test('an update keeps the history of what is unchanged and ends the series of what is gone', async () => {
  const server = await serving((_, response) => response.end('fine'));
  const [kept, gone] = [
    checkConfig(`${server.url}/kept`, {}, { name: 'kept' }),
    checkConfig(`${server.url}/gone`, {}, { name: 'gone' }),
  ];
  const { checks, sink, pass } = stage(kept, gone);
  await pass(2);
  checks.update([{ ...kept }, { ...gone, name: 'new' }]);
  expect(checks.checks().map(({ name, state }) => `${name} ${state}`)).toEqual(['kept up', 'new pending']);
  expect(sink.last(`probe_success{check="gone", instance="${server.url}/gone", job="check"}`)).toBe('stale');
  expect(sink.last(`probe_success{check="kept", instance="${server.url}/kept", job="check"}`)).toBe(1);
});

test('stopping ends a run under way without a result and leaves no timer of a check', async () => {
  const server = await serving(() => undefined);
  const { checks, clock, results } = stage(checkConfig(server.url));
  const status = checks.runNow('api');
  await server.nextRequest();
  checks.stop();
  expect(await status).toMatchObject({ state: 'pending' });
  await clock.run(60_000);
  expect([results.length, server.requests.length, checks.checks().length]).toEqual([0, 1, 0]);
});
