import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHostSampler, type HostSampler } from '../../electron/engine/collect/host/host-sampler.ts';
import { DISK_EXCLUDED } from '../../electron/engine/collect/host/linux/disk-stats.ts';
import { FSTYPE_EXCLUDED, MOUNTPOINT_EXCLUDED } from '../../electron/engine/collect/host/linux/mounts.ts';
import { systemClock } from '../../electron/engine/schedule/clock.ts';
import { createRecordingSink, type RecordingSink } from '../engine/collect/host/fake-machine.ts';

/** The six that every dashboard of a machine stands on: the same series and the same values. */
const MAIN = ['cpu', 'loadavg', 'meminfo', 'filesystem', 'diskstats', 'netdev'];
/** The same series; their values move too fast, or are read too rarely, to be compared one by one. */
const FURTHER = [
  ...['arp', 'bonding', 'conntrack', 'cpufreq', 'dmi', 'edac', 'entropy', 'filefd', 'hwmon', 'mdadm', 'netclass'],
  ...['netstat', 'nvme', 'os', 'powersupplyclass', 'pressure', 'rapl', 'schedstat', 'selinux', 'sockstat', 'softnet'],
  ...['stat', 'thermal_zone', 'time', 'udp_queues', 'uname', 'vmstat'],
];
/** Of its own working, and counters of heat that the sampler has in a collector of another name. */
const NOT_COMPARED = /^node_(exporter_|scrape_collector_|cpu_(core|package)_throttles_|cpu_isolated)/;
/** Counters that later releases of node_exporter keep too. */
const NEWER = /^node_(netstat_TcpExt_TCP(OFOQueue|RcvQDrop)|cpu_scaling_governor|disk_info\{.*rotational)/;
/** A device of unknown speed says -1 there, which a newer release leaves out by a flag, as here. */
const UNKNOWN_SPEED = /^(node_network_speed_bytes.*) -/;

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
      ...[...MAIN, ...FURTHER].map((name) => `--collector.${name}`),
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

async function readTheirs(collectors: readonly string[]): Promise<Map<string, number>> {
  const query = collectors.map((name) => `collect[]=${name}`).join('&');
  return parseSamples(await (await fetch(`${url}?${query}`)).text());
}

function createSampler(sink: RecordingSink, collectors: readonly string[]): HostSampler {
  const log = (_: string, message: string) => {
    throw new Error(message);
  };
  return createHostSampler({ sink, clock: systemClock, log, labels: {}, collectors });
}

function comparable(series: Iterable<string>): string[] {
  return [...series].filter((one) => !NOT_COMPARED.test(one) && !NEWER.test(one)).sort();
}

test('the six main groups equal the real node_exporter in names, labels and values', async () => {
  const sink = createRecordingSink();
  const sampler = createSampler(sink, MAIN);
  await sampler.sample(1000);
  const before = sink.latest();
  const theirs = await readTheirs(MAIN);
  await sampler.sample(2000);
  const after = sink.latest();
  sampler.close();

  expect(comparable(after.keys())).toEqual(comparable(theirs.keys()));
  expect(theirs.size).toBeGreaterThan(100);

  const wrong = [...theirs].filter(([series, value]) => {
    if (NOT_COMPARED.test(series)) return false;
    const [low, high] = [before.get(series) ?? NaN, after.get(series) ?? NaN].sort((a, b) => a - b);
    const slack = slackOf(series, value);
    return !(value >= (low ?? NaN) - slack && value <= (high ?? NaN) + slack);
  });
  expect(wrong).toEqual([]);
});

test('the further groups have the series of the real node_exporter', async () => {
  const sink = createRecordingSink();
  // What the clock stands on comes from a group of its own, more rarely than the time.
  const sampler = createSampler(sink, [...FURTHER, 'clocksource']);
  await sampler.sample(1000);
  await sampler.sampleSlow(1000);
  sampler.close();
  const theirs = await readTheirs(FURTHER);
  // Reading them opens a connection, which may bring a neighbour.
  const withoutNeighbours = (series: string) => !series.startsWith('node_arp_entries');
  expect(comparable(sink.latest().keys()).filter(withoutNeighbours)).toEqual(
    comparable(theirs.keys()).filter(withoutNeighbours),
  );
  expect(theirs.size).toBeGreaterThan(100);
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
    if (match === null || UNKNOWN_SPEED.test(line)) continue;
    const [, name = '', labels = '', value = ''] = match;
    // A label with an empty value is the same as none.
    const own = labels
      .replace(/(^|,)\w+=""/g, '')
      .replace(/^,/, '')
      .replaceAll('",', '", ');
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
