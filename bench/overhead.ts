/**
 * What watching costs: Vedette without a window, with the statistics of this machine, 5 targets of 210 series and 5
 * checks, every 15 s, beside node_exporter and Prometheus scraping the same targets in the same run (the checks have no
 * counterpart there). Then how long the main thread keeps others waiting while a query of at least 10 s runs.
 *
 * Bars: CPU < 1 % of a core, resident memory < 150 MB, event-loop delay p99 < 16 ms.
 * Run: npm run bench:overhead [-- seconds of measurement]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuMsOf, type Measured, residentBytesOf, startProgram } from './parts/processes.ts';

const ROOT = join(import.meta.dirname, '..');
const WARM_UP_S = 45;
const MEASURED_S = Number(process.argv[2] ?? 120);
const BARS = { cpuPercent: 1, residentMB: 150, delayMs: 16 };
const QUERY_AIM_MS = 12_000;
const QUERY_MIN_MS = 10_000;
/** As the program itself measures it. */
const DELAY_EVERY_MS = 250;

const RULES = `
groups:
  - name: bench
    rules:
      - alert: HighCPUUsage
        expr: 100 - (avg by (instance) (irate(node_cpu_seconds_total{mode="idle"}[5m])) * 100) > 80
        for: 5m
      - alert: HighMemoryUsage
        expr: (node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes) / node_memory_MemTotal_bytes * 100 > 85
        for: 5m
      - alert: HighErrorRate
        expr: sum by (instance) (rate(app_requests_total{status="500"}[5m])) / sum by (instance) (rate(app_requests_total[5m])) * 100 > 5
        for: 5m
`;

interface Cost {
  readonly cpuPercent: number;
  readonly residentMB: number;
}

interface MainThread {
  readonly queryMs: number;
  readonly delayMs: number;
  /** The same of this benchmark's thread, which has little to do: what the machine adds. */
  readonly machineDelayMs: number;
  readonly healthy: { readonly p50: number; readonly p99: number };
}

const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-'));
const started: Measured[] = [];
try {
  process.exitCode = await main();
} finally {
  for (const one of started.reverse()) await one.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  if (!existsSync(join(ROOT, 'dist/electron/headless.js'))) build();
  const targets = await start(process.execPath, [join(import.meta.dirname, 'parts/expositions.ts')], /^(\[.*\])$/m);
  const addresses = JSON.parse(targets.ready) as string[];
  writeFileSync(join(folder, 'rules.yml'), RULES);

  const exporter = await start(
    'prometheus-node-exporter',
    ['--web.listen-address=127.0.0.1:0'],
    /msg="Listening on" address=(\S+)/,
  );
  const vedette = await startVedette(addresses);
  const prometheus = await startPrometheus([...addresses, exporter.ready]);
  const samples = await measure([vedette, prometheus, exporter]);
  const [own, ...peers] = samples;
  if (own === undefined) throw new Error('Nothing was measured.');
  const peer = sum(peers);
  console.log(
    `Watching this machine, ${String(addresses.length)} targets and 5 checks every 15 s, ${String(MEASURED_S)} s:`,
  );
  console.log('                             CPU of one core   resident, highest');
  print('vedette', own);
  print('prometheus', peers[0]);
  print('node_exporter', peers[1]);
  print('both peers', peer);
  const ratio = { cpu: own.cpuPercent / peer.cpuPercent, memory: own.residentMB / peer.residentMB };
  console.log(`  ratio                      ${ratio.cpu.toFixed(2).padEnd(18)}${ratio.memory.toFixed(2)}`);

  const loop = await measureMainThread(vedette.ready);
  console.log(`\nMain thread while a query of ${(loop.queryMs / 1000).toFixed(1)} s runs in the metrics worker:`);
  const noise = `${loop.machineDelayMs.toFixed(1)} ms in this benchmark's own thread`;
  console.log(`  event-loop delay p99       ${loop.delayMs.toFixed(1)} ms (${noise})`);
  console.log(
    `  /-/healthy from outside    p50 ${loop.healthy.p50.toFixed(1)} ms, p99 ${loop.healthy.p99.toFixed(1)} ms`,
  );

  console.log('');
  const met = [
    bar('CPU of one core', own.cpuPercent, BARS.cpuPercent, '%'),
    bar('resident memory', own.residentMB, BARS.residentMB, 'MB'),
    bar('event-loop delay p99', loop.delayMs, BARS.delayMs, 'ms'),
    loop.queryMs >= QUERY_MIN_MS,
  ];
  return met.every(Boolean) ? 0 : 1;
}

function build(): void {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--app', '--logLevel', 'warn'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The build failed.');
}

async function start(...args: Parameters<typeof startProgram>): Promise<Measured> {
  const one = await startProgram(...args);
  started.push(one);
  return one;
}

/** As `npx vedette` starts it: by the launcher, from what was built. */
function startVedette(addresses: readonly string[]): Promise<Measured> {
  const checks = addresses.map(
    (address, i) =>
      `  - {name: check${String(i)}, interval: 15s, http: {url: 'http://${address}/health', json: ['$.status == "ok"']}}`,
  );
  const config = join(folder, 'vedette.yml');
  writeFileSync(config, `${scrapes(addresses)}host: {enabled: true, interval: 15s}\nchecks:\n${checks.join('\n')}\n`);
  const args = ['serve', '--config', config, '--data', join(folder, 'data'), '--listen', '127.0.0.1:0'];
  const path = `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  return start(join(ROOT, 'electron/vedette.mjs'), args, /^Listening on (\S+)$/m, {
    env: { ...process.env, PATH: path },
  });
}

function startPrometheus(addresses: readonly string[]): Promise<Measured> {
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, scrapes(addresses));
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'tsdb')}`,
    '--web.listen-address=127.0.0.1:0',
  ];
  return start('prometheus', args, /msg="Listening on" address=(\S+)/);
}

function scrapes(addresses: readonly string[]): string {
  const jobs = addresses.map(
    (address, i) => `  - {job_name: app${String(i)}, static_configs: [{targets: ['${address}']}]}`,
  );
  return `global: {scrape_interval: 15s, evaluation_interval: 15s}\nrule_files: [rules.yml]\nscrape_configs:\n${jobs.join('\n')}\n`;
}

/** CPU over the time of measurement, and the highest resident memory in it. */
async function measure(programs: readonly Measured[]): Promise<Cost[]> {
  console.log(`Warming up for ${String(WARM_UP_S)} s, then measuring for ${String(MEASURED_S)} s.`);
  await pause(WARM_UP_S * 1000);
  const before = programs.map(cpuMsOf);
  const beganAt = performance.now();
  const highest = programs.map(residentBytesOf);
  while (performance.now() - beganAt < MEASURED_S * 1000) {
    await pause(1000);
    programs.forEach((one, i) => (highest[i] = Math.max(highest[i] ?? 0, residentBytesOf(one))));
  }
  const elapsedMs = performance.now() - beganAt;
  return programs.map((one, i) => ({
    cpuPercent: ((cpuMsOf(one) - (before[i] ?? 0)) / elapsedMs) * 100,
    residentMB: (highest[i] ?? NaN) / 1e6,
  }));
}

function sum(costs: readonly Cost[]): Cost {
  return costs.reduce((all, one) => ({
    cpuPercent: all.cpuPercent + one.cpuPercent,
    residentMB: all.residentMB + one.residentMB,
  }));
}

function print(name: string, cost: Cost | undefined): void {
  if (cost !== undefined)
    console.log(`  ${name.padEnd(27)}${`${cost.cpuPercent.toFixed(2)} %`.padEnd(18)}${cost.residentMB.toFixed(0)} MB`);
}

/** Ask something that takes long, and see meanwhile how quickly the main thread answers others. */
async function measureMainThread(url: string): Promise<MainThread> {
  // The first runs are slower than those to come, so the work is reckoned from a longer one.
  const perTerm = (await timeQuery(url, 1), (await timeQuery(url, 20)) / 20);
  const query = timeQuery(url, Math.ceil(QUERY_AIM_MS / perTerm));
  const running = { is: true };
  void query.finally(() => (running.is = false));
  const waits: number[] = [];
  const ownDelay = monitorEventLoopDelay({ resolution: DELAY_EVERY_MS });
  ownDelay.enable();
  while (running.is) {
    const sentAt = performance.now();
    await (await fetch(`${url}/-/healthy`)).text();
    waits.push(performance.now() - sentAt);
    await pause(5);
  }
  ownDelay.disable();
  const own = await (await fetch(`${url}/metrics`)).text();
  const delayMs = Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(own)?.[1]) * 1000;
  const machineDelayMs = Math.max(0, ownDelay.percentile(99) / 1e6 - DELAY_EVERY_MS);
  waits.sort((a, b) => a - b);
  const at = (share: number): number => waits[Math.floor(waits.length * share)] ?? NaN;
  return { queryMs: await query, delayMs, machineDelayMs, healthy: { p50: at(0.5), p99: at(0.99) } };
}

/** Milliseconds that a range query takes whose work grows with `terms`. */
async function timeQuery(url: string, terms: number): Promise<number> {
  const term = (i: number): string => `sum(quantile_over_time(0.${String(10 + (i % 90))}, app_requests_total[2m]))`;
  // In groups: the grammar takes no chain of more than 300 operators.
  const groups = Array.from({ length: Math.ceil(terms / 50) }, (_, group) =>
    Array.from({ length: Math.min(50, terms - group * 50) }, (_unused, i) => term(group * 50 + i)).join(' + '),
  );
  const end = Date.now() / 1000;
  const body = new URLSearchParams({
    query: groups.map((group) => `(${group})`).join(' + '),
    start: String(end - 100),
    end: String(end),
    step: '0.1',
    timeout: '2m',
  });
  const sentAt = performance.now();
  const answer = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The query failed: ${text.slice(0, 500)}`);
  return performance.now() - sentAt;
}

function bar(what: string, value: number, limit: number, unit: string): boolean {
  const isMet = value < limit;
  console.log(`${isMet ? 'met    ' : 'NOT MET'} ${what}: ${value.toFixed(2)} ${unit}, bar < ${String(limit)} ${unit}`);
  return isMet;
}
