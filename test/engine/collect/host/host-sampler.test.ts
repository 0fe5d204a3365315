import { afterEach, expect, test } from 'vitest';
import { createHostSampler } from '../../../../electron/engine/collect/host/host-sampler.ts';
import type { HostSamplerOptions } from '../../../../electron/engine/collect/host/host-sampler.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { createFakeMachine, createRecordingSink, machineFiles, MEMINFO, NETDEV, STAT } from './fake-machine.ts';

const disposers: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposers.splice(0)) dispose();
});

function setUp(options: Partial<HostSamplerOptions> = {}) {
  const machine = createFakeMachine(machineFiles());
  const sink = createRecordingSink();
  const clock = createManualClock(1_700_000_600_000);
  const messages: string[] = [];
  const sampler = createHostSampler({
    sink,
    clock,
    log: (level, message) => messages.push(`${level}: ${message}`),
    labels: { job: 'node', instance: 'desk' },
    root: machine.root,
    platform: 'linux',
    fs: {
      statfs: (_, done) => {
        done(null, { bsize: 1, blocks: 1000, bfree: 300, bavail: 200, files: 10, ffree: 5 });
      },
      statfsSync: () => ({ bsize: 1, blocks: 1000, bfree: 150, bavail: 50, files: 10, ffree: 5 }),
    },
    ...options,
  });
  disposers.push(() => {
    sampler.close();
    machine.remove();
  });
  return { machine, sink, clock, messages, sampler };
}

test('a sample bears the given time and labels, under the names of node_exporter', async () => {
  const { sink, sampler } = setUp();
  await sampler.sample(1000);
  const latest = sink.latest();
  expect(latest.get('node_load1{instance="desk", job="node"}')).toBe(0.2);
  expect(latest.get('node_cpu_seconds_total{cpu="1", instance="desk", job="node", mode="idle"}')).toBe(21);
  expect(latest.get('node_memory_MemTotal_bytes{instance="desk", job="node"}')).toBe(16_384_000_000);
  expect(
    latest.get(
      'node_filesystem_avail_bytes{device="/dev/sda2", fstype="xfs", instance="desk", job="node", mountpoint="/mnt/my disk"}',
    ),
  ).toBe(200);
  expect(latest.get('node_time_seconds{instance="desk", job="node"}')).toBe(1);
  expect(new Set(sink.samples.map((sample) => sample.timestampMs))).toEqual(new Set([1000]));
  expect(new Set(sink.names).size).toBe(sink.names.length);
});

test('the reference of a series is asked for once', async () => {
  const { sink, sampler } = setUp();
  await sampler.sample(1000);
  const count = sink.names.length;
  await sampler.sample(2000);
  expect(sink.names).toHaveLength(count);
  expect(sink.samples).toHaveLength(2 * count);
});

test('a device that goes away ends its series, and comes back as the same ones', async () => {
  const { machine, sink, sampler } = setUp();
  await sampler.sample(1000);
  machine.write({ 'proc/net/dev': NETDEV.replace(/veth.*\n/, '') });
  await sampler.sample(2000);
  expect(sink.stale).toHaveLength(16);
  expect(sink.stale.every(({ series, timestampMs }) => series.includes('veth1a2b') && timestampMs === 2000)).toBe(true);
  machine.write({ 'proc/net/dev': NETDEV });
  await sampler.sample(3000);
  expect(sink.stale).toHaveLength(16);
});

test('a source that cannot be read is told once, ends its series and leaves the others alone', async () => {
  const { machine, sink, messages, sampler } = setUp();
  machine.remove('proc/pressure');
  await sampler.sample(1000);
  await sampler.sample(2000);
  const latest = sink.latest();
  expect(latest.get('node_scrape_collector_success{collector="pressure", instance="desk", job="node"}')).toBe(0);
  expect(latest.get('node_scrape_collector_success{collector="cpu", instance="desk", job="node"}')).toBe(1);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain('"pressure"');
});

test('a file longer than the buffer is read whole', async () => {
  const { machine, sink, sampler } = setUp();
  machine.write({ 'proc/meminfo': `${'X: 1 kB\n'.repeat(20_000)}${MEMINFO}` });
  await sampler.sample(1000);
  expect(sink.latest().get('node_memory_SwapFree_bytes{instance="desk", job="node"}')).toBe(3_072_000_000);
});

test('a call during a sample is part of it', async () => {
  const { sink, clock, sampler } = setUp({ fs: { statfs: () => undefined, statfsSync: () => ({}) as never } });
  const first = sampler.sample(1000);
  const second = sampler.sample(2000);
  await clock.run(5000);
  await Promise.all([first, second]);
  expect(sink.samples.some(({ timestampMs }) => timestampMs === 2000)).toBe(false);
  expect(sampler.reading()?.failedMountpoints).toContain('/srv/share');
});

test('mounts that hang delay a sample by their bound and no longer, and the next one not at all', async () => {
  const { clock, sampler } = setUp({ fs: { statfs: () => undefined, statfsSync: () => ({}) as never } });
  const start = clock.monotonic();
  let finishedMs = -1;
  const first = sampler.sample(1000).then(() => (finishedMs = clock.monotonic() - start));
  await clock.run(10_000);
  await first;
  expect(finishedMs).toBe(2000);
  await sampler.sample(20_000);
});

test('the reading has levels at once and rates from the second sample on', async () => {
  const { machine, clock, sampler } = setUp();
  expect(sampler.reading()).toBeNull();
  await sampler.sample(clock.now());
  expect(sampler.reading()).toMatchObject({
    cpuRatio: null,
    cpuCount: 2,
    network: null,
    disk: null,
    load: [0.2, 0.18, 0.12],
    uptimeMs: 600_000,
    temperatureMaxCelsius: null,
  });
  clock.advance(10_000);
  machine.write({
    'proc/stat': STAT.replace('cpu0 200 10 60 1900', 'cpu0 500 10 60 2600'),
    'proc/net/dev': NETDEV.replace('eth0:5000000', 'eth0:5100000'),
  });
  await sampler.sample(clock.now());
  const reading = sampler.reading();
  expect(reading?.cpuRatio).toBeCloseTo(0.3, 10);
  expect(reading?.cpuModeRatios?.user).toBeCloseTo(0.3, 10);
  expect(reading?.network).toEqual({ receivedBytesPerSecond: 10_000, transmittedBytesPerSecond: 0 });
  expect(reading?.disk).toEqual({ readBytesPerSecond: 0, writtenBytesPerSecond: 0 });
  expect(reading?.worstFilesystem).toMatchObject({ mountpoint: '/', availableBytes: 50 });
});

test('slow sources are read on their own, and give the reading its temperature', async () => {
  const { machine, sink, sampler } = setUp();
  machine.write({
    'sys/class/hwmon/hwmon0/name': 'coretemp\n',
    'sys/class/hwmon/hwmon0/temp1_input': '61000\n',
    'sys/class/hwmon/hwmon0/temp1_label': 'Package id 0\n',
    'sys/class/hwmon/hwmon0/temp1_crit': '100000\n',
    'sys/class/thermal/thermal_zone0/temp': '58500\n',
    'sys/class/thermal/thermal_zone0/type': 'x86_pkg_temp\n',
    'sys/class/power_supply/BAT0/capacity': '87\n',
    'sys/class/power_supply/BAT0/type': 'Battery\n',
    'sys/class/power_supply/BAT0/status': 'Discharging\n',
    'sys/class/net/eth0/operstate': 'up\n',
    'sys/class/net/eth0/speed': '1000\n',
    'etc/os-release': 'ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n',
    'proc/sys/kernel/hostname': 'desk\n',
    'proc/sys/kernel/osrelease': '6.1.0\n',
  });
  await sampler.sample(1000);
  await sampler.sampleSlow(1000);
  const latest = sink.latest();
  const own = 'instance="desk", job="node"';
  expect(latest.get(`node_hwmon_temp_celsius{chip="coretemp", ${own}, sensor="temp1"}`)).toBe(61);
  expect(latest.get(`node_hwmon_temp_crit_celsius{chip="coretemp", ${own}, sensor="temp1"}`)).toBe(100);
  expect(latest.get(`node_hwmon_sensor_label{chip="coretemp", ${own}, label="Package id 0", sensor="temp1"}`)).toBe(1);
  expect(latest.get(`node_thermal_zone_temp{${own}, type="x86_pkg_temp", zone="0"}`)).toBe(58.5);
  expect(latest.get(`node_power_supply_capacity{${own}, power_supply="BAT0"}`)).toBe(87);
  expect(latest.get(`node_network_up{device="eth0", ${own}}`)).toBe(1);
  expect(latest.get(`node_network_speed_bytes{device="eth0", ${own}}`)).toBe(125_000_000);
  expect(latest.get(`node_os_version{id="debian", ${own}, name="Debian GNU/Linux"}`)).toBe(12);
  expect(sampler.reading()?.temperatureMaxCelsius).toBe(61);
});

test('ending the series marks each of them once', async () => {
  const { sink, sampler } = setUp();
  await sampler.sample(1000);
  sampler.endSeries(2000);
  expect(new Set(sink.stale.map(({ series }) => series))).toEqual(new Set(sink.names));
  sampler.endSeries(3000);
  expect(sink.stale).toHaveLength(sink.names.length);
});
