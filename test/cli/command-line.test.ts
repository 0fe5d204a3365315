import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../electron/headless.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...args: readonly string[]): Promise<Run> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, { out: (text) => void (out += text), err: (text) => void (err += text) });
  return { code, out, err };
}

let place: Workplace;
beforeEach(() => {
  place = makeWorkplace();
});
afterEach(() => {
  place.remove();
});

describe('check', () => {
  it('says what a good configuration holds', async () => {
    const file = place.write(
      'prometheus.yml',
      `rule_files: [r.yml]\nscrape_configs: [{job_name: a, static_configs: [{targets: ['a:1']}]}]\n`,
    );
    place.write('r.yml', 'groups: [{name: g, rules: [{record: a:b, expr: "1"}]}]');
    const { code, out, err } = await run('check', 'config', file);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`${file}: ok (`);
    expect(out).toContain('1 rule group, 1 rule');
  });

  it('tells every problem of every file at once, each with its place', async () => {
    const config = place.write(
      'prometheus.yml',
      `global:
  scrape_interval: soon
rule_files: [r.yml]
scrape_configs:
  - job_name: a
    scrape_timeout: 5x
    static_configs: [{targets: ['a:1']}]
  - job_name: a
nonsense: 1
`,
    );
    const rules = place.write(
      'r.yml',
      `groups:
  - name: g
    rules:
      - alert: A
        expr: rate(up[5m]
      - record: a:b
        expr: up ==
`,
    );
    const { code, out, err } = await run('check', 'config', config);
    expect(code).toBe(1);
    for (const at of [':2:20', ':6:21', ':8:', ':9:1'].map((where) => `${config}${where}`)) expect(err).toContain(at);
    expect(err).toContain(`${rules}:5:26: groups[0].rules[0].expr: 1:12: parse error: unclosed left parenthesis. `);
    expect(err).toContain(`${rules}:7:`);
    expect(out).toMatch(/: 6 problems\n$/);
  });

  it('prints JSON for programs', async () => {
    const good = place.write('good.yml', 'groups: []');
    const bad = place.write('bad.yml', 'groups: [{name: g, rules: [{alert: A, expr: "1 +"}]}]');
    const { code, out, err } = await run('check', 'rules', '--json', good, bad);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject([
      { file: good, ok: true, problems: [] },
      { file: bad, ok: false, problems: [{ line: 1, column: expect.any(Number) as number }] },
    ]);
  });

  it('checks an alertmanager.yml', async () => {
    const good = place.write('good.yml', 'route: {receiver: a}\nreceivers: [{name: a}]');
    const bad = place.write('bad.yml', 'route: {receiver: b}\nreceivers: [{name: a}]');
    expect((await run('check', 'alertmanager', good)).code).toBe(0);
    const refused = await run('check', 'alertmanager', bad);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(`${bad}:1:19`);
  });

  it('reports a file that is not there as a problem', async () => {
    const { code, err } = await run('check', 'config', place.path('none.yml'));
    expect(code).toBe(1);
    expect(err).toContain(place.path('none.yml'));
  });
});

describe('config print', () => {
  it('shows what would run and where it comes from, and hides secrets', async () => {
    const file = place.write(
      'prometheus.yml',
      `global: {scrape_interval: 7s}
scrape_configs:
  - job_name: a
    basic_auth: {username: reader, password: hunter2}
    static_configs: [{targets: ['a:1']}]
alertmanager:
  route: {receiver: a}
  receivers: [{name: a, webhook_configs: [{url: 'http://user:hunter3@127.0.0.1:5001/secret-path'}]}]
`,
    );
    const { code, out } = await run('config', 'print', '--config', file, '--set', 'host.interval=9s');
    expect(code).toBe(0);
    expect(out).toContain('scrape_interval: 7s');
    expect(out).toContain('interval: 9s');
    expect(out).not.toMatch(/hunter2|hunter3/);
  });

  it('prints the problems of a bad one instead', async () => {
    const file = place.write('prometheus.yml', 'global: {scrape_interval: soon}');
    const { code, out, err } = await run('config', 'print', '--config', file);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`${file}:1:27`);
  });
});

describe('wrong use', () => {
  it.each([
    [['nonsense']],
    [['serve', '--nonsense']],
    [['serve', '--listen', 'nowhere']],
    [['serve', '--listen', '127.0.0.1:99999']],
    [['serve', '--log-level', 'loud']],
    [['serve', '--set', 'nothing']],
    [['check']],
    [['check', 'config']],
    [['check', 'nonsense', 'file']],
    [['query']],
    [['config']],
  ])('ends %j with 2 and a word of help', async (args) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toMatch(/\n$/);
  });

  it('answers --help and --version with 0', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, err: '' });
    expect(await run('--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  });

  it('refuses to start with a bad configuration and tells every problem', async () => {
    const file = place.write('prometheus.yml', 'global: {scrape_interval: soon, evaluation_interval: later}');
    const { code, err } = await run('serve', '--config', file, '--data', place.data, '--listen', '127.0.0.1:0');
    expect(code).toBe(1);
    expect(err).toContain(`${file}:1:27`);
    expect(err).toContain(`${file}:1:54`);
    expect(err).toContain('The configuration has 2 problems.');
  });
});

describe('of a running instance', () => {
  let home: Workplace;
  let vedette: Vedette;
  beforeAll(async () => {
    home = makeWorkplace();
    home.write(
      'prometheus.yml',
      `host: {enabled: false}\nscrape_configs: [{job_name: nobody, scrape_interval: 1s, static_configs: [{targets: ['127.0.0.1:1']}]}]\n`,
    );
    vedette = await startVedette({ workplace: home });
    await vi.waitFor(async () => expect(await vedette.query('up{job="nobody"}')).toHaveLength(1), 10_000);
  });
  afterAll(async () => {
    await vedette.stop();
    home.remove();
  });
  const ask = (...args: readonly string[]): Promise<Run> => run(...args, '--data', home.data);

  it('query prints a value for people', async () => {
    expect(await ask('query', 'up{job="nobody"} + 1')).toEqual({
      code: 0,
      out: '{instance="127.0.0.1:1", job="nobody"}  1\n',
      err: '',
    });
  });

  it('query prints a range', async () => {
    const { code, out } = await ask('query', 'vector(3)', '--start', '1000', '--end', '1020', '--step', '10s');
    expect(code).toBe(0);
    expect(out).toBe(
      '{}\n  1970-01-01T00:16:40.000Z  3\n  1970-01-01T00:16:50.000Z  3\n  1970-01-01T00:17:00.000Z  3\n',
    );
  });

  it('query --explain prints what each part costs', async () => {
    const { code, out } = await ask(
      'query',
      '--explain',
      '--start',
      '1000',
      '--end',
      '1020',
      '--step',
      '10s',
      'sum(vector(3))',
    );
    expect(code).toBe(0);
    expect(out.replaceAll(/\d+\.\d\d/g, 'N.NN').replaceAll(/ +/g, ' ')).toBe(
      'series samples ms expression\n1 1 N.NN sum(vector(3))\n1 1 N.NN vector(3)\n0 0 N.NN 3\n',
    );
    expect(await ask('query', '--explain', 'up', '--time', 'noon')).toMatchObject({
      code: 2,
      err: 'vedette query: --time is no time.\n',
    });
  });

  it("query --json prints Prometheus's answer", async () => {
    const { code, out } = await ask('query', 'scalar(vector(2))', '--json', '--time', '1000');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ status: 'success', data: { resultType: 'scalar', result: [1000, '2'] } });
  });

  it('query says what is wrong with an expression', async () => {
    const { code, out, err } = await ask('query', 'rate(up)');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('expected type range vector');
  });

  it('status ends with 1 when something is down, and names it', async () => {
    const { code, out } = await ask('status');
    expect(code).toBe(1);
    expect(out).toContain('1 down');
    expect(out).toContain('nobody');
    expect(JSON.parse((await ask('status', '--json')).out)).toMatchObject({ status: { worst: 'down' } });
  });

  it('status works by address too', async () => {
    expect((await run('status', '--url', vedette.url, '--data', place.data)).code).toBe(1);
  });
});

it('says that no instance runs on a data directory', async () => {
  const { code, err } = await run('status', '--data', place.data);
  expect(code).toBe(1);
  expect(err).toContain(`No instance is running on ${place.data}`);
});

it('says that an instance does not answer', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  for (const command of [['status'], ['query', 'up']]) {
    const { code, err } = await run(...command, '--url', `http://127.0.0.1:${String(port)}`);
    expect(code).toBe(1);
    expect(err).toBe('vedette: the instance does not answer; is it running?\n');
  }
});

/** A Node of the system that is too old for the program; the launcher has to say so. */
const OLD_NODE = ['/usr/local/bin/node', '/usr/bin/node'].find(
  (path) => existsSync(path) && Number(/^v(\d+)/.exec(spawnSync(path, ['-v'], { encoding: 'utf8' }).stdout)?.[1]) < 24,
);

it.runIf(OLD_NODE !== undefined)('says in one line which Node it needs when an older one runs it', () => {
  const launcher = fileURLToPath(new URL('../../electron/vedette.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(OLD_NODE ?? '', [launcher, 'status'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^vedette: needs Node 24 or later, this is \d+\.\d+\.\d+; [^\n]*\n$/);
});
