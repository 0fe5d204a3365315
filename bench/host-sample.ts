/**
 * CPU cost of one host sample (CPU, memory, load, file systems, disks, network) beside node_exporter's for the same six
 * collectors, in one run on one machine. Bar: at most 1 ms, and at most node_exporter's.
 *
 * Run: node bench/host-sample.ts [samples]
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createHostSampler } from '../electron/engine/collect/host/host-sampler.ts';
import { systemClock } from '../electron/engine/schedule/clock.ts';

const COLLECTORS = ['cpu', 'loadavg', 'meminfo', 'filesystem', 'diskstats', 'netdev'];
const TICK_MS = 10;
const BAR_MS = 1;

const SPACED = { count: 60, gapMs: 50 };

const samples = Number(process.argv[2] ?? 300);
const busy = await measureSampler(samples, 0);
const spaced = await measureSampler(SPACED.count, SPACED.gapMs);
const peer = await measureNodeExporter(samples, 0);
const peerSpaced = await measureNodeExporter(SPACED.count, SPACED.gapMs);
console.log(`One host sample, ${COLLECTORS.join(' ')}; CPU ms, mean:`);
console.log(`                in a row (${String(samples)})   after a pause (${String(SPACED.count)})   series`);
console.log(`  vedette       ${row(busy, spaced)}`);
console.log(`  node_exporter ${row(peer, peerSpaced)}`);
const ratios = [busy.cpuMs / peer.cpuMs, spaced.cpuMs / peerSpaced.cpuMs].map((ratio) => ratio.toFixed(2).padEnd(17));
console.log(`  ratio         ${ratios.join('')} bar 1.00`);
process.exitCode = Math.max(busy.cpuMs, spaced.cpuMs) <= BAR_MS && busy.cpuMs <= peer.cpuMs ? 0 : 1;

function row(first: Measured, second: Measured): string {
  return `${first.cpuMs.toFixed(3).padEnd(17)}${second.cpuMs.toFixed(3).padEnd(21)}${String(first.series)}`;
}

interface Measured {
  readonly cpuMs: number;
  readonly series: number;
}

async function measureSampler(count: number, gapMs: number): Promise<Measured> {
  let series = 0;
  let appended = 0;
  const sampler = createHostSampler({
    sink: { ref: () => series++, append: () => appended++, appendStale: () => undefined },
    clock: systemClock,
    log: (level, message) => {
      console.error(level, message);
    },
    labels: { job: 'node', instance: 'bench' },
    collectors: COLLECTORS,
  });
  // The first samples build the series and the machine code; a program that runs for days pays that once.
  for (let i = 0; i < 50; i++) await sampler.sample(Date.now());
  appended = 0;
  let usedMicroseconds = 0;
  for (let i = 0; i < count; i++) {
    if (gapMs > 0) await pause(gapMs);
    const before = process.cpuUsage();
    await sampler.sample(Date.now());
    const used = process.cpuUsage(before);
    usedMicroseconds += used.user + used.system;
  }
  sampler.close();
  if (appended < count * 50) throw new Error(`Only ${String(appended)} samples were written.`);
  return { cpuMs: usedMicroseconds / count / 1000, series };
}

async function measureNodeExporter(count: number, gapMs: number): Promise<Measured> {
  const address = `127.0.0.1:${String(await freePort())}`;
  const child = spawn(
    'prometheus-node-exporter',
    [
      `--web.listen-address=${address}`,
      '--web.disable-exporter-metrics',
      '--collector.disable-defaults',
      ...COLLECTORS.map((name) => `--collector.${name}`),
    ],
    { stdio: 'ignore' },
  );
  try {
    let text = await untilAnswers(`http://${address}/metrics`);
    for (let i = 0; i < 50; i++) text = await fetchText(`http://${address}/metrics`);
    const before = cpuTicks(child);
    for (let i = 0; i < count; i++) {
      if (gapMs > 0) await pause(gapMs);
      await fetchText(`http://${address}/metrics`);
    }
    const used = cpuTicks(child) - before;
    const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    return { cpuMs: (used * TICK_MS) / count, series };
  } finally {
    child.kill();
  }
}

/** User and system time of the process, in ticks: fields 14 and 15 of /proc/N/stat. */
function cpuTicks(child: ChildProcess): number {
  const stat = readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function untilAnswers(url: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      return await fetchText(url);
    } catch {
      await pause(50);
    }
  }
  throw new Error(`No answer from ${url}. Is prometheus-node-exporter installed?`);
}

async function fetchText(url: string): Promise<string> {
  return (await fetch(url)).text();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
