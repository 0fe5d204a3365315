/**
 * Alerts beside Debian's prometheus-alertmanager, on the same configuration, in one run: alerts taken in per second, time
 * from the POST to the webhook, memory and the time of a listing at 10,000 and 100,000 active alerts.
 *
 *   node bench/alerts.ts [--counts 10000,100000]
 *
 * Bars: each ratio at most 1.0 (alerts per second at least 1.0).
 */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { freePort } from './metrics/servers.ts';
import { ratio, table } from './metrics/table.ts';
import { residentBytesOf, startProgram, type Measured } from './parts/processes.ts';

const { values: options } = parseArgs({ options: { counts: { type: 'string', default: '10000,100000' } } });
const counts = options.counts.split(',').map(Number);
const BATCH = 100;
const LATENCY_RUNS = 200;

interface Side {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly program: Measured;
}

interface Figures {
  readonly perSecond: number;
  readonly listingMs: number;
  readonly residentMb: number;
}

const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-alerts-'));
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
/** Resolved by the webhook that tells of the alert. */
const awaited = new Map<string, () => void>();
const hook = createServer((incoming, response) => {
  let body = '';
  incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
  incoming.on('end', () => {
    response.end('ok');
    const { groupLabels } = JSON.parse(body) as { groupLabels: Record<string, string> };
    awaited.get(groupLabels['alertname'] ?? '')?.();
  });
}).listen(0, '127.0.0.1');
await once(hook, 'listening');
const hookUrl = `http://127.0.0.1:${String((hook.address() as AddressInfo).port)}/`;

const CONFIG = `
route:
  receiver: none
  group_by: [alertname]
  group_wait: 0s
  group_interval: 5m
  repeat_interval: 4h
  routes:
    - {receiver: hook, matchers: ['kind="latency"']}
receivers:
  - name: none
  - {name: hook, webhook_configs: [{url: '${hookUrl}'}]}
`;

const rows: string[][] = [];
try {
  const sides = [await startVedette(), await startAlertmanager()];
  const latencies: number[] = [];
  for (const side of sides) latencies.push(await latencyOf(side));
  rows.push(row('POST to webhook, p50', latencies, 'ms', 2, false));
  for (const side of sides) await side.program.stop();

  for (const count of counts) {
    const figures: Figures[] = [];
    for (const start of [startVedette, startAlertmanager]) {
      const side = await start();
      figures.push(await load(side, count));
      await side.program.stop();
    }
    const label = `${String(count / 1000)} k alerts`;
    rows.push(
      row(
        `taken in, ${label}`,
        figures.map(({ perSecond }) => perSecond),
        '/s',
        0,
        true,
      ),
    );
    rows.push(
      row(
        `listing of ${label}`,
        figures.map(({ listingMs }) => listingMs),
        'ms',
        0,
        false,
      ),
    );
    rows.push(
      row(
        `memory at ${label}`,
        figures.map(({ residentMb }) => residentMb),
        'MB',
        0,
        false,
      ),
    );
  }
  console.log(table(['', 'Vedette', 'Alertmanager', 'ratio', 'bar', ''], rows));
} finally {
  agent.destroy();
  hook.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = rows.every((one) => one.at(-1) === 'met') ? 0 : 1;

function row(what: string, values: readonly number[], unit: string, digits: number, isMoreBetter: boolean): string[] {
  const [ours = NaN, theirs = NaN] = values;
  const ok = isMoreBetter ? ours >= theirs : ours <= theirs;
  const shown = [ours, theirs].map((value) => `${value.toFixed(digits)} ${unit}`);
  return [what, ...shown, ratio(ours, theirs), isMoreBetter ? '>= 1' : '<= 1', ok ? 'met' : 'NOT MET'];
}

async function startVedette(): Promise<Side> {
  const own = mkdtempSync(join(folder, 'vedette-'));
  const config = join(own, 'vedette.yml');
  writeFileSync(
    config,
    `host: {enabled: false}\nscrape_configs: []\nrule_files: []\nalertmanager:${CONFIG.replaceAll('\n', '\n  ')}\n`,
  );
  const launcher = fileURLToPath(new URL('../electron/vedette.mjs', import.meta.url));
  const args = [
    '--max-semi-space-size=1',
    launcher,
    'serve',
    '--config',
    config,
    '--data',
    own,
    '--listen',
    '127.0.0.1:0',
  ];
  const env = { ...process.env, MALLOC_ARENA_MAX: '1' };
  const program = await startProgram(process.execPath, args, /Listening on (http:\S+)/, { env });
  const token = readFileSync(join(own, 'token'), 'utf8').trim();
  return { name: 'Vedette', url: program.ready, headers: { authorization: `Bearer ${token}` }, program };
}

async function startAlertmanager(): Promise<Side> {
  const own = mkdtempSync(join(folder, 'alertmanager-'));
  mkdirSync(join(own, 'data'));
  writeFileSync(join(own, 'alertmanager.yml'), CONFIG);
  const port = await freePort();
  const args = [
    `--config.file=${join(own, 'alertmanager.yml')}`,
    `--storage.path=${join(own, 'data')}`,
    `--web.listen-address=127.0.0.1:${String(port)}`,
    '--cluster.listen-address=',
  ];
  const program = await startProgram('/usr/bin/prometheus-alertmanager', args, /(Listening on)/);
  return { name: 'Alertmanager', url: `http://127.0.0.1:${String(port)}`, headers: {}, program };
}

function alertOf(name: string, index: number, kind: string): object {
  const labels = { alertname: name, kind, instance: `host-${String(index)}:9100`, job: 'node', severity: 'warning', team: `team-${String(index % 20)}` }; // prettier-ignore
  const annotations = { summary: `Something is wrong on host ${String(index)}`, description: 'It has been so for five minutes.' }; // prettier-ignore
  return { labels, annotations, generatorURL: 'http://prometheus.example/graph?g0.expr=up+%3D%3D+0' };
}

/** The middle of many single posts, each told by a webhook of its own. */
async function latencyOf(side: Side): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < LATENCY_RUNS; i++) {
    const name = `${side.name}-${String(i)}`;
    const told = new Promise<void>((resolve) => void awaited.set(name, resolve));
    const before = performance.now();
    await call(side, 'POST', '/api/v2/alerts', JSON.stringify([alertOf(name, i, 'latency')]));
    await told;
    times.push(performance.now() - before);
  }
  // The first ones warm both sides up.
  const sorted = times.slice(20).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

async function load(side: Side, count: number): Promise<Figures> {
  const before = performance.now();
  for (let from = 0; from < count; from += BATCH) {
    const alerts = Array.from({ length: BATCH }, (_, i) =>
      alertOf(`Bench${String((from + i) % 50)}`, from + i, 'load'),
    );
    await call(side, 'POST', '/api/v2/alerts', JSON.stringify(alerts));
  }
  const perSecond = count / ((performance.now() - before) / 1000);
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    const size = await call(side, 'GET', '/api/v2/alerts', null);
    times.push(performance.now() - started);
    if (size < count * 100) throw new Error(`${side.name} lists too little: ${String(size)} bytes`);
  }
  const sorted = times.sort((a, b) => a - b);
  return { perSecond, listingMs: sorted[2] ?? NaN, residentMb: residentBytesOf(side.program) / 1024 / 1024 };
}

/** Gives the size of the answer. */
function call(side: Side, method: string, path: string, body: string | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { ...side.headers, ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) }; // prettier-ignore
    const asked = request(`${side.url}${path}`, { method, agent, headers }, (response) => {
      let size = 0;
      response.on('data', (chunk: Buffer) => (size += chunk.length));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(size);
        else reject(new Error(`${side.name}: ${method} ${path} answered ${String(response.statusCode)}`));
      });
    });
    asked.on('error', reject).end(body);
  });
}
