import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHostSampler } from '../../../../electron/engine/collect/host/host-sampler.ts';
import { DISK_EXCLUDED } from '../../../../electron/engine/collect/host/linux/disk-stats.ts';
import { FSTYPE_EXCLUDED, MOUNTPOINT_EXCLUDED } from '../../../../electron/engine/collect/host/linux/mounts.ts';
import { systemClock } from '../../../../electron/engine/schedule/clock.ts';
import { createRecordingSink } from './fake-machine.ts';

const COLLECTORS = ['cpu', 'loadavg', 'meminfo', 'filesystem', 'diskstats', 'netdev'];
/** What the real one has from sources that are not read here: itself, netlink, throttling, and the database of udev. */
const NOT_READ =
  /^node_(exporter_|network_receive_nohandler_|cpu_(core|package)_throttles_|cpu_isolated|disk_(ata|device_mapper|filesystem)_)/;
const UDEV_LABELS = /, (model|path|revision|serial|wwn)="[^"]*"/g;

let exporter: ChildProcess;
let url = '';

beforeAll(async () => {
  const address = `127.0.0.1:${String(await freePort())}`;
  url = `http://${address}/metrics`;
  // Debian's package narrows the defaults; these are the project's own, which the sampler follows.
  const flags = [
    `--collector.filesystem.mount-points-exclude=${MOUNTPOINT_EXCLUDED.source}`,
    `--collector.filesystem.fs-types-exclude=${FSTYPE_EXCLUDED.source}`,
    `--collector.diskstats.device-exclude=${DISK_EXCLUDED.source}`,
    '--collector.netdev.device-exclude=',
  ];
  exporter = spawn(
    'prometheus-node-exporter',
    [
      `--web.listen-address=${address}`,
      '--web.disable-exporter-metrics',
      '--collector.disable-defaults',
      ...COLLECTORS.map((name) => `--collector.${name}`),
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await untilListening(exporter);
});

afterAll(async () => {
  if (exporter.exitCode === null) {
    exporter.kill();
    await once(exporter, 'exit');
  }
});

test('the six groups equal the real node_exporter in names, labels and values', async () => {
  const sink = createRecordingSink();
  const sampler = createHostSampler({
    sink,
    clock: systemClock,
    log: (_, message) => {
      throw new Error(message);
    },
    labels: {},
    collectors: COLLECTORS,
  });
  await sampler.sample(1000);
  const before = sink.latest();
  const theirs = parseSamples(await (await fetch(url)).text());
  await sampler.sample(2000);
  const after = sink.latest();
  sampler.close();

  // The stat collector comes with the cpu one here.
  const ours = [...after.keys()].filter((series) => !/^node_(intr|context|boot|forks|procs)_/.test(series));
  expect(ours.sort()).toEqual([...theirs.keys()].sort());
  expect(theirs.size).toBeGreaterThan(100);

  const wrong = [...theirs].filter(([series, value]) => {
    const [low, high] = [before.get(series) ?? NaN, after.get(series) ?? NaN].sort((a, b) => a - b);
    const slack = slackOf(series, value);
    return !(value >= (low ?? NaN) - slack && value <= (high ?? NaN) + slack);
  });
  expect(wrong).toEqual([]);
});

/** Counters must lie between the two samples around; levels move both ways meanwhile. */
function slackOf(series: string, value: number): number {
  if (series.startsWith('node_memory_')) return Math.max(64 * 2 ** 20, 0.05 * value);
  if (series.startsWith('node_filesystem_')) return Math.max(1, 0.01 * value);
  if (series.startsWith('node_load')) return 1;
  if (series.startsWith('node_disk_io_now')) return 64;
  // The kernel adds up a tick late on some paths.
  if (series.startsWith('node_cpu_')) return 0.05;
  return 1e-6 * value;
}

function parseSamples(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(node_\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null || NOT_READ.test(line) || line.startsWith('node_scrape_collector_duration')) continue;
    const [, name = '', labels = '', value = ''] = match;
    const own = `, ${labels.replaceAll('",', '", ')}`.replace(UDEV_LABELS, '').slice(2);
    samples.set(own === '' ? name : `${name}{${own}}`, Number(value));
  }
  return samples;
}

async function untilListening(child: ChildProcess): Promise<void> {
  if (child.stderr === null) throw new Error('The standard error of node_exporter is not connected.');
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.includes('Listening on')) {
      child.stderr.resume();
      return;
    }
  }
  throw new Error('node_exporter ended before it listened.');
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
