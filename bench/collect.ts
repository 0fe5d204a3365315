/**
 * What watching many targets takes: 1,000 HTTP checks every 30 s through the built program, of which 200 have names that
 * no name server answers and 200 take the request and never answer. The other 600 must stay on time.
 *
 * Then the cost of a check beside blackbox_exporter's: the same 600 targets, asked at the same pace in the same run by a
 * Prometheus-like client that blackbox_exporter answers.
 *
 * Bars: lateness p99 < 100 ms, no overlap (skipped runs = 0), memory flat, CPU per check ≤ blackbox_exporter's.
 * Needs the right to make a mount namespace (root), for a name server of its own. Run: npm run bench:collect [-- seconds]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startProgram, type Measured } from './parts/processes.ts';

const ROOT = join(import.meta.dirname, '..');
const MEASURED_S = Number(process.argv[2] ?? 150);
const WARM_UP_S = 40;
const INTERVAL_S = 30;
const COUNTS = { good: 600, dead: 200, hanging: 200 };
const BARS = { lateMs: 100, growthPercent: 5, cpuRatio: 1 };
const TICK_MS = 10;

interface Reading {
  readonly ticks: number;
  readonly skipped: number;
  readonly lateP99Ms: number;
  readonly residentMB: number;
  readonly cpuMs: number;
  /** User and system time of the main thread alone, where checks run. */
  readonly mainMs: number;
}

const folder = mkdtempSync(join(tmpdir(), 'vedette-collect-'));
const started: Measured[] = [];
try {
  process.exitCode = await main();
} finally {
  for (const one of started.reverse()) await one.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  if (!existsSync(join(ROOT, 'dist/electron/headless.js'))) build();
  const targets = await start(process.execPath, [join(import.meta.dirname, 'parts/check-targets.ts')], /^(\{.*\})$/m);
  const ports = JSON.parse(targets.ready) as { good: number; hanging: number };
  // Each target has an address of its own, as machines have: all of 127.0.0.0/8 is this one.
  const address = (group: number, i: number): string =>
    `127.${String(group)}.${String(Math.floor(i / 250))}.${String((i % 250) + 1)}`;
  const good = Array.from({ length: COUNTS.good }, (_, i) => `http://${address(1, i)}:${String(ports.good)}/`);
  const vedette = await startVedette(good, ports.hanging, address);
  const blackbox = await start(
    'prometheus-blackbox-exporter',
    ['--web.listen-address=127.0.0.1:0', `--config.file=${writeModules()}`],
    /msg="Listening on" address=(\S+)/,
  );
  const paced = paceBlackbox(blackbox.ready, good);
  console.log(
    `${String(COUNTS.good)} targets that answer, ${String(COUNTS.dead)} with dead names and ${String(COUNTS.hanging)} that hang, every ${String(INTERVAL_S)} s.`,
  );
  console.log(`Warming up for ${String(WARM_UP_S)} s, then measuring for ${String(MEASURED_S)} s.`);
  await pause(WARM_UP_S * 1000);
  const before = await read(vedette);
  const peerBefore = { ms: cpuMs(pidOf(blackbox)), probes: paced.done() };
  const memory: number[] = [];
  let worstLateMs = 0;
  for (let second = 0; second < MEASURED_S; second += 15) {
    await pause(15_000);
    const { residentMB, lateP99Ms } = await read(vedette);
    memory.push(residentMB);
    worstLateMs = Math.max(worstLateMs, lateP99Ms);
  }
  const after = await read(vedette);
  const peer = { ms: cpuMs(pidOf(blackbox)) - peerBefore.ms, probes: paced.done() - peerBefore.probes };
  paced.stop();
  const states = await statesOf(vedette.ready);
  return report(before, after, memory, worstLateMs, peer, states);
}

function report(
  before: Reading,
  after: Reading,
  memory: readonly number[],
  worstLateMs: number,
  peer: { readonly ms: number; readonly probes: number },
  states: Readonly<Record<string, number>>,
): number {
  const checks = (MEASURED_S / INTERVAL_S) * (COUNTS.good + COUNTS.dead + COUNTS.hanging);
  const own = { all: (after.cpuMs - before.cpuMs) / checks, main: (after.mainMs - before.mainMs) / checks };
  const perProbe = peer.ms / peer.probes;
  const third = Math.max(1, Math.floor(memory.length / 3));
  const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
  const growth = (mean(memory.slice(-third)) / mean(memory.slice(0, third)) - 1) * 100;
  console.log(
    `\nStates: ${Object.entries(states)
      .map(([state, count]) => `${String(count)} ${state}`)
      .join(', ')}`,
  );
  console.log(`Resident memory: ${memory.map((one) => one.toFixed(0)).join(' ')} MB`);
  console.log('\nCPU per check                        ms');
  console.log(`  vedette, main thread (the checks)  ${own.main.toFixed(3)}`);
  console.log(`  vedette, the whole program         ${own.all.toFixed(3)}   stores, evaluates rules and shows as well`);
  console.log(
    `  blackbox_exporter                  ${perProbe.toFixed(3)}   ${String(peer.probes)} probes of the ones that answer`,
  );
  console.log(`  ratio, whole program               ${(own.all / perProbe).toFixed(2)}\n`);
  const met = [
    bar('lateness p99', worstLateMs, BARS.lateMs, 'ms'),
    bar('overlapping runs', after.skipped - before.skipped, 1, ''),
    bar('growth of memory', growth, BARS.growthPercent, '%'),
    bar('CPU per check beside blackbox_exporter', own.all / perProbe, BARS.cpuRatio, 'x'),
    states['up'] === COUNTS.good,
  ];
  return met.every(Boolean) ? 0 : 1;
}

function bar(what: string, value: number, limit: number, unit: string): boolean {
  const isMet = value < limit;
  console.log(`${isMet ? 'met    ' : 'NOT MET'} ${what}: ${value.toFixed(2)} ${unit}, bar < ${String(limit)} ${unit}`);
  return isMet;
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

/** In a mount namespace whose name server takes every question and answers none. */
function startVedette(
  good: readonly string[],
  hangingPort: number,
  address: (group: number, i: number) => string,
): Promise<Measured> {
  const checks = [
    ...good.map((url, i) => entry(`good${String(i)}`, url)),
    ...Array.from({ length: COUNTS.dead }, (_, i) => entry(`dead${String(i)}`, `http://host${String(i)}.example.com/`)),
    ...Array.from({ length: COUNTS.hanging }, (_, i) =>
      entry(`hanging${String(i)}`, `http://${address(2, i)}:${String(hangingPort)}/`),
    ),
  ];
  const config = join(folder, 'vedette.yml');
  writeFileSync(config, `host: {enabled: false}\nchecks:\n${checks.join('\n')}\n`);
  const resolver = join(folder, 'resolv.conf');
  // The name server of the targets; see check-targets.ts.
  writeFileSync(resolver, 'nameserver 127.77.0.53\n');
  const script = `mount --bind ${resolver} /etc/resolv.conf && exec "$0" "$@"`;
  const args = [
    'serve',
    '--config',
    config,
    '--data',
    join(folder, 'data'),
    '--listen',
    '127.0.0.1:0',
    '--log-level',
    'error',
  ];
  return start(
    'unshare',
    ['--mount', 'sh', '-c', script, join(ROOT, 'electron/vedette.mjs'), ...args],
    /^Listening on (\S+)$/m,
    { env: { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` } },
  );
}

function entry(name: string, url: string): string {
  return `  - {name: ${name}, interval: ${String(INTERVAL_S)}s, timeout: 10s, http: {url: '${url}'}}`;
}

function writeModules(): string {
  const file = join(folder, 'blackbox.yml');
  writeFileSync(file, 'modules:\n  http_2xx: {prober: http, timeout: 10s, http: {preferred_ip_protocol: ip4}}\n');
  return file;
}

/** Ask blackbox_exporter for each target once an interval, evenly spread. */
function paceBlackbox(address: string, targets: readonly string[]): { done(): number; stop(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  let next = 0;
  let done = 0;
  const timer = setInterval(
    () => {
      const target = encodeURIComponent(targets[next++ % targets.length] ?? '');
      get(`http://${address}/probe?module=http_2xx&target=${target}`, { agent }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => {
          if (!body.includes('probe_success 1')) throw new Error(`blackbox_exporter failed:\n${body}`);
          done++;
        });
      });
    },
    (INTERVAL_S * 1000) / targets.length,
  );
  return {
    done: () => done,
    stop() {
      clearInterval(timer);
      agent.destroy();
    },
  };
}

async function read(program: Measured): Promise<Reading> {
  const text = await (await fetch(`${program.ready}/metrics`)).text();
  const value = (name: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(name));
    if (line === undefined) throw new Error(`The program tells no ${name}.`);
    return Number(line.slice(line.lastIndexOf(' ') + 1));
  };
  const pid = pidOf(program);
  return {
    ticks: value('vedette_scheduler_ticks_total{thread="main"}'),
    skipped: value('vedette_scheduler_skipped_total{thread="main"}'),
    lateP99Ms: value('vedette_scheduler_late_p99_seconds{thread="main"}') * 1000,
    residentMB: value('process_resident_memory_bytes') / 1e6,
    cpuMs: cpuMs(pid),
    mainMs: cpuMs(pid, String(pid)),
  };
}

function pidOf({ child }: Measured): number {
  if (child.pid === undefined) throw new Error('The program has ended.');
  return child.pid;
}

/** User and system time so far, of a process or of one of its threads. Source: proc(5), fields 14 and 15. */
function cpuMs(pid: number, thread?: string): number {
  const own = `/proc/${String(pid)}`;
  if (thread !== undefined && !readdirSync(`${own}/task`).includes(thread)) throw new Error('There is no such thread.');
  const stat = readFileSync(thread === undefined ? `${own}/stat` : `${own}/task/${thread}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function statesOf(url: string): Promise<Record<string, number>> {
  const services = (await (await fetch(`${url}/api/vedette/v1/services`)).json()) as readonly { state: string }[];
  const states: Record<string, number> = {};
  for (const { state } of services) states[state] = (states[state] ?? 0) + 1;
  return states;
}
