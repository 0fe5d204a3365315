import { expect, test } from 'vitest';
import { createHostSampler } from '../../../../electron/engine/collect/host/host-sampler.ts';
import { cpuTimesOf } from '../../../../electron/engine/collect/host/portable/portable-groups.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { createRecordingSink } from './fake-machine.ts';

/** What systeminformation answers, with counters that a test moves. */
function createSystem() {
  const counters = { received: 1000, read: 5000 };
  const system = {
    mem: () =>
      Promise.resolve({
        total: 8000,
        free: 500,
        available: 3000,
        active: 5000,
        swaptotal: 100,
        swapused: 40,
        swapfree: 60,
      }),
    fsSize: () =>
      Promise.resolve([
        { fs: '/dev/disk1', type: 'APFS', mount: '/', size: 1, used: 1, available: 1, use: 1, rw: true },
        { fs: 'devfs', type: 'devfs', mount: '/dev', size: 1, used: 1, available: 1, use: 1, rw: true },
      ]),
    fsStats: () => Promise.resolve({ rx: counters.read, wx: 0, tx: 0 }),
    networkStats: () =>
      Promise.resolve([
        {
          iface: 'lo0',
          operstate: 'up',
          rx_bytes: 9,
          rx_dropped: 0,
          rx_errors: 0,
          tx_bytes: 9,
          tx_dropped: 0,
          tx_errors: 0,
        },
        {
          iface: 'en0',
          operstate: 'up',
          rx_bytes: counters.received,
          rx_dropped: 1,
          rx_errors: 2,
          tx_bytes: 300,
          tx_dropped: 0,
          tx_errors: 0,
        },
      ]),
    cpuTemperature: () => Promise.resolve({ main: 52, max: 57, cores: [] }),
    battery: () => Promise.resolve({ hasBattery: true, percent: 80, acConnected: false }),
  };
  return { counters, system: system as Omit<typeof system, 'battery'> & { battery: () => Promise<unknown> } };
}

function setUp(platform: NodeJS.Platform) {
  const { counters, system } = createSystem();
  const sink = createRecordingSink();
  const clock = createManualClock();
  const asked: string[] = [];
  const stats = { bsize: 10, blocks: 100, bfree: 40, bavail: 30, files: 10, ffree: 5 };
  const sampler = createHostSampler({
    sink,
    clock,
    log: () => undefined,
    labels: {},
    platform,
    systemInformation: () => Promise.resolve(system as never),
    fs: {
      statfs: (path, done) => {
        asked.push(path);
        done(null, stats);
      },
      statfsSync: () => stats,
    },
  });
  return { counters, system, sink, clock, asked, sampler };
}

test('macOS has the names of node_exporter on macOS, and those of Linux for shared rules', async () => {
  const { sink, clock, asked, sampler } = setUp('darwin');
  await sampler.sampleSlow(clock.now());
  await sampler.sample(clock.now());
  const latest = sink.latest();
  expect(latest.get('node_memory_total_bytes')).toBe(8000);
  expect(latest.get('node_memory_MemAvailable_bytes')).toBe(3000);
  expect(latest.get('node_filesystem_avail_bytes{device="/dev/disk1", fstype="APFS", mountpoint="/"}')).toBe(300);
  expect(latest.get('node_network_receive_bytes_total{device="en0"}')).toBe(1000);
  expect(latest.get('node_disk_read_bytes_total{device="total"}')).toBe(5000);
  expect(latest.get('node_hwmon_temp_celsius{chip="cpu", sensor="main"}')).toBe(52);
  expect(latest.get('node_power_supply_capacity{power_supply="battery"}')).toBe(80);
  expect(latest.has('node_load1')).toBe(true);
  expect(asked).toEqual(['/']);
});

test('rates hold between two slow passes instead of falling to 0', async () => {
  const { counters, clock, sampler } = setUp('darwin');
  await sampler.sampleSlow(clock.now());
  clock.advance(30_000);
  counters.received += 60_000;
  await sampler.sampleSlow(clock.now());
  await sampler.sample(clock.now());
  clock.advance(15_000);
  await sampler.sample(clock.now());
  expect(sampler.reading()).toMatchObject({
    network: { receivedBytesPerSecond: 2000, transmittedBytesPerSecond: 0 },
    disk: { readBytesPerSecond: 0, writtenBytesPerSecond: 0 },
    memory: { usedRatio: 0.625, swapUsedBytes: 40 },
    temperatureMaxCelsius: 57,
  });
});

test('a call that systeminformation fails on leaves the others their values', async () => {
  const { sink, clock, sampler, system } = setUp('darwin');
  system.battery = () => Promise.reject(new TypeError('x is undefined'));
  await sampler.sampleSlow(clock.now());
  const latest = sink.latest();
  expect(latest.get('node_scrape_collector_success{collector="powersupplyclass"}')).toBe(0);
  expect(latest.get('node_scrape_collector_success{collector="netdev"}')).toBe(1);
});

test('Windows has no load average, and interrupts are no part of system time', async () => {
  const { sink, clock, sampler } = setUp('win32');
  await sampler.sample(clock.now());
  expect([...sink.latest().keys()].some((series) => series.startsWith('node_load'))).toBe(false);
  const info = { model: '', speed: 1, times: { user: 1000, nice: 0, sys: 700, idle: 4000, irq: 200 } };
  expect(cpuTimesOf([info], 'win32')[0]?.seconds).toEqual([1, NaN, 0.5, 4, NaN, 0.2, NaN, NaN]);
  expect(cpuTimesOf([info], 'darwin')[0]?.seconds).toEqual([1, 0, 0.7, 4, NaN, NaN, NaN, NaN]);
});
