import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import dbus from 'dbus-native';
import type { MessageBus } from 'dbus-native';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../../doubles/manual-clock.ts';
import { look, makeProbe, runWithin, sample, say } from './ask.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-probe-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a command', () => {
  const shell = (script: string): { run: string[] } => ({ run: ['/bin/sh', '-c', script] });

  it.each([
    ["echo 'PING OK - 2 ms'; exit 0", 'up'],
    ["echo 'DISK WARNING - 91 %'; exit 1", 'degraded warning: sh: DISK WARNING - 91 %'],
    ["echo 'DISK CRITICAL - 99 %'; exit 2", 'down critical: sh: DISK CRITICAL - 99 %'],
    ["echo 'no idea'; exit 3", 'unknown unknown: sh: no idea'],
    ['echo broken >&2; exit 127', 'unknown unknown: sh: broken'],
    ['kill -9 $$', 'unknown signal: sh was ended by SIGKILL.'],
  ])('%s', async (script, expected) => {
    expect(say(await look('command', shell(script)))).toBe(expected);
  });

  it('whose exit code alone counts is down with any other than 0', async () => {
    const settings = { ...shell('echo nope; exit 1'), result: 'exit-code' };
    expect(say(await look('command', settings))).toBe('down exit-code: sh: nope');
  });

  it('gives its performance data as samples in base units', async () => {
    const result = await look('command', shell(`echo "OK | 'disk /'=12MB;20;30;0;40 load=0.5 use=50%;80;90"`));
    expect(sample(result, 'vedette_check_performance_value', { label: 'disk /', unit: 'bytes' })).toBe(12 * 1024 ** 2);
    expect(sample(result, 'vedette_check_performance_limit', { label: 'use', bound: 'warning' })).toBeCloseTo(0.8);
  });

  it('that does not end is killed with all that it started', async () => {
    const file = join(folder, 'pid');
    const result = await look('command', shell(`sleep 60 & echo $! > ${file}; sleep 60`), 500);
    expect(say(result)).toBe('down timeout: sh did not end and was killed within 0.5 s.');
    const { readFileSync } = await import('node:fs');
    const pid = Number(readFileSync(file, 'utf8'));
    // Gone, or a zombie that its new parent has not collected.
    await expect.poll(() => stateOf(pid, readFileSync)).toMatch(/^[ZX]?$/);
  });

  it('that is not there makes it unknown', async () => {
    expect(say(await look('command', { run: ['/no/such/plugin'] }))).toMatch(/^unknown missing: There is no program/);
  });

  it('gets its secrets by the environment, and none comes out again', async () => {
    process.env['VEDETTE_TEST_SECRET'] = 'hunter22';
    const settings = { ...shell('echo "got $KEY"; exit 2'), environment: { KEY: '${env:VEDETTE_TEST_SECRET}' } };
    const result = await look('command', settings);
    delete process.env['VEDETTE_TEST_SECRET'];
    expect(say(result)).toBe('down critical: sh: got <secret>');
    expect(JSON.stringify(result)).not.toContain('hunter22');
  });
});

function stateOf(pid: number, read: (path: string, encoding: 'utf8') => string): string {
  try {
    return /\) (\w)/.exec(read(`/proc/${String(pid)}/stat`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

describe('a file', () => {
  it('is up while it is young enough, and down when it is old or gone', async () => {
    const path = join(folder, 'backup.tar');
    const settings = { path, max_age: '1h', min_size: '3B' };
    expect(say(await look('file', settings))).toBe(`down missing: There is no ${path}.`);
    writeFileSync(path, 'abc');
    expect(say(await look('file', settings))).toBe('up');
    utimesSync(path, new Date(), new Date(Date.now() - 2 * 3_600_000));
    expect(say(await look('file', settings))).toMatch(/^down age: .* was last written 2h.* ago, and 1h is the most/);
  });

  it('that is too small is down, and one that must not be there is', async () => {
    const path = join(folder, 'lock');
    writeFileSync(path, '');
    expect(say(await look('file', { path, min_size: '1B' }))).toMatch(/^down size: .* has 0 bytes/);
    expect(say(await look('file', { path, exists: 'false' }))).toMatch(/^down present: /);
  });

  it('from the future has no age that can be told', async () => {
    const path = join(folder, 'new');
    writeFileSync(path, 'x');
    utimesSync(path, new Date(), new Date(Date.now() + 3_600_000));
    expect(say(await look('file', { path, max_age: '1h' }))).toMatch(/^unknown clock: /);
  });

  it('grows by so many bytes a second, over a pattern of files', async () => {
    const clock = createManualClock(Date.now());
    const settings = { path: join(folder, '*.log'), max_growth: '100B' };
    const probe = makeProbe('file', settings, { ports: { clock } });
    writeFileSync(join(folder, 'a.log'), 'x'.repeat(100));
    expect((await runWithin(probe)).outcome).toBe('up');
    clock.advance(10_000);
    writeFileSync(join(folder, 'b.log'), 'x'.repeat(5000));
    const result = await runWithin(probe);
    expect(sample(result, 'vedette_check_file_growth_bytes_per_second')).toBe(500);
    expect(say(result)).toMatch(/^degraded growth: .* grows by 500 bytes a second, and 100B is the most/);
  });
});

describe('a process', () => {
  it('that runs is counted and measured', async () => {
    const result = await look('process', { pid_file: pidFile(process.pid) });
    expect(result.outcome).toBe('up');
    expect(sample(result, 'namedprocess_namegroup_num_procs')).toBe(1);
    expect(sample(result, 'namedprocess_namegroup_memory_bytes')).toBeGreaterThan(1_000_000);
  });

  it('that does not run is down', async () => {
    const result = await look('process', { name: 'no-such-program' });
    expect(say(result)).toBe('down missing: No process "no-such-program" runs on this machine.');
  });

  it('of which there are too many is degraded', async () => {
    const result = await look('process', { command_line: '.', max: '0', min: '0' });
    expect(say(result)).toMatch(/^degraded count: /);
  });

  function pidFile(pid: number): string {
    const path = join(folder, 'pid');
    writeFileSync(path, `${String(pid)}\n`);
    return path;
  }
});

describe('a container', () => {
  let docker: Server;
  const serve = async (status: number, body: unknown): Promise<string> => {
    const socket = join(folder, 'docker.sock');
    docker = createServer((request, response) => {
      expect(request.url).toBe('/containers/web/json');
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => docker.listen(socket, resolve));
    return socket;
  };
  const ask = async (state: object, more: object = {}): Promise<string> => {
    const socket = await serve(200, { Name: '/web', State: state, RestartCount: 3, ...more });
    const result = await look('docker', { container: 'web', socket });
    await new Promise((resolve) => docker.close(resolve));
    return say(result);
  };

  it.each([
    [{ Status: 'running' }, 'up'],
    [{ Status: 'running', Health: { Status: 'healthy' } }, 'up'],
    [{ Status: 'running', Health: { Status: 'starting' } }, /^unknown starting: /],
    [
      { Status: 'running', Health: { Status: 'unhealthy', FailingStreak: 4, Log: [{ Output: 'curl: (7)\nrefused' }] } },
      'down unhealthy: The container "web" fails its health check (4 times in a row): curl: (7) refused',
    ],
    [{ Status: 'paused' }, /^down paused: /],
    [{ Status: 'restarting', ExitCode: 1 }, /^down restarting: .*exit code 1, 3 restarts/],
    [{ Status: 'exited', ExitCode: 137, OOMKilled: true }, /^down exited: .*it used up its memory/],
  ])('in the state %o', async (state, expected) => {
    expect(await ask(state)).toMatch(expected instanceof RegExp ? expected : new RegExp(`^${escape(expected)}$`));
  });

  it('that is not there is down, and Docker that is not there makes it unknown', async () => {
    const socket = await serve(404, { message: 'No such container: web' });
    expect(say(await look('docker', { container: 'web', socket }))).toBe('down missing: There is no container "web".');
    await new Promise((resolve) => docker.close(resolve));
    const none = join(folder, 'none.sock');
    expect(say(await look('docker', { container: 'web', socket: none }))).toMatch(/^unknown socket: /);
  });

  function escape(text: string): string {
    return text.replaceAll(/[()\\.]/g, '\\$&');
  }
});

describe('a unit of systemd', () => {
  const SYSTEMD = 'org.freedesktop.systemd1';
  const PATH = '/org/freedesktop/systemd1/unit/nginx_2eservice';

  /** A bus, and on it what systemd answers. */
  const serveUnit = async (
    unit: Readonly<Record<string, string>>,
    service: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly bus: string; readonly close: () => Promise<void> }> => {
    const bus = join(folder, 'bus');
    const broker = dbus.createBroker({ authTimeout: 0 });
    await new Promise<void>((resolve) => broker.listen({ socket: bus }, () => resolve()));
    const owner: MessageBus = dbus.createClient({ socket: bus });
    await owner.requestName(SYSTEMD, 0);
    owner.setMethodCallHandler(`/org/freedesktop/systemd1`, `${SYSTEMD}.Manager`, 'LoadUnit', [() => PATH, 'o']);
    for (const [name, values] of Object.entries({ Unit: unit, Service: service })) {
      const types = Object.entries(values).map(([key, value]) => [key, typeof value === 'number' ? 'u' : 's']);
      const description = {
        name: `${SYSTEMD}.${name}`,
        properties: Object.fromEntries(types) as Record<string, string>,
        methods: {},
        signals: {},
      };
      owner.exportInterface(values, PATH, description);
    }
    return {
      bus,
      async close() {
        owner.connection.end();
        await new Promise<void>((resolve) => broker.close(() => resolve()));
      },
    };
  };

  const loaded = { LoadState: 'loaded' };
  it.each([
    [{ ...loaded, ActiveState: 'active', SubState: 'running' }, { Result: 'success', NRestarts: 2, MainPID: 7 }, 'up'],
    [
      { ...loaded, ActiveState: 'failed', SubState: 'failed' },
      { Result: 'exit-code', ExecMainStatus: 3, NRestarts: 5 },
      'down failed: nginx.service has failed, exit-code, exit status 3. See: journalctl -u nginx.service',
    ],
    [
      { ...loaded, ActiveState: 'activating', SubState: 'auto-restart' },
      { NRestarts: 9 },
      /^down restarting: .*9 times/,
    ],
    [{ ...loaded, ActiveState: 'activating', SubState: 'start' }, {}, /^unknown starting: /],
    [{ ...loaded, ActiveState: 'inactive', SubState: 'dead' }, { Result: 'success' }, /^down inactive: /],
    [{ ...loaded, ActiveState: 'inactive', SubState: 'dead' }, { Type: 'oneshot', Result: 'success' }, 'up'],
    [{ LoadState: 'not-found', ActiveState: 'inactive', SubState: 'dead' }, {}, /^down missing: /],
  ])('that systemd calls %o', async (unit, service, expected) => {
    const { bus, close } = await serveUnit(unit, service);
    const result = await look('systemd', { unit: 'nginx', bus });
    await close();
    if (typeof expected === 'string') expect(say(result)).toBe(expected);
    else expect(say(result)).toMatch(expected);
  });

  it('on a machine without a bus is unknown', async () => {
    const bus = join(folder, 'none');
    expect(say(await look('systemd', { unit: 'nginx', bus }))).toMatch(/^unknown absent: There is no system bus/);
  });

  it('behind what is no bus is unknown', async () => {
    mkdirSync(join(folder, 'b'));
    const bus = join(folder, 'b', 'bus');
    const other = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => other.listen(bus, resolve));
    const result = await look('systemd', { unit: 'nginx.service', bus });
    await new Promise((resolve) => other.close(resolve));
    expect(say(result)).toMatch(/^unknown (reset|protocol): /);
  });
});
