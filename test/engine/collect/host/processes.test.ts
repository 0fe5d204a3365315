import { afterEach, expect, test } from 'vitest';
import { parseCpuInfo, readHostFacts } from '../../../../electron/engine/collect/host/host-facts.ts';
import { createProcessList } from '../../../../electron/engine/collect/host/processes.ts';
import { readTemperatures } from '../../../../electron/engine/collect/host/temperatures.ts';
import { systemClock } from '../../../../electron/engine/schedule/clock.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { createFakeMachine } from './fake-machine.ts';
import type { FakeMachine } from './fake-machine.ts';

let machine: FakeMachine = createFakeMachine();
afterEach(() => {
  machine.remove();
});

/** Files of one process: `startTicks` after boot, `ticks` of CPU time, memory in KiB. */
function processFiles(pid: number, name: string, facts: { startTicks: number; ticks: number; kibibytes: number }) {
  const { startTicks, ticks, kibibytes } = facts;
  const rest = `1 1 1 0 -1 0 0 0 0 0 ${String(ticks)} 0 0 0 20 0 3 0 ${String(startTicks)} 0 ${String(kibibytes / 4)} 0`;
  return {
    [`proc/${String(pid)}/stat`]: `${String(pid)} (${name.slice(0, 15)}) S ${rest}\n`,
    [`proc/${String(pid)}/status`]: `Name:\t${name}\nUid:\t1000\t1000\nVmRSS:\t${String(kibibytes)} kB\n`,
    [`proc/${String(pid)}/cmdline`]: `/usr/bin/${name}\u0000--flag\u0000`,
  };
}

const BOOT = {
  'proc/stat': 'cpu 1\nbtime 1700000000\n',
  'etc/passwd': 'root:x:0:0::/:/bin/sh\nann:x:1000:1000::/:/x\n',
};

test('processes are listed by CPU over the time between two calls and by memory', async () => {
  const clock = createManualClock(1_700_000_100_000);
  machine = createFakeMachine({
    ...BOOT,
    ...processFiles(10, 'steady', { startTicks: 0, ticks: 5000, kibibytes: 400 }),
    ...processFiles(11, 'sleeper', { startTicks: 0, ticks: 100, kibibytes: 8000 }),
  });
  const list = createProcessList({ clock, platform: 'linux', root: machine.root });
  const first = await list.top(2);
  expect(first.byCpu.map(({ name, cpuRatio }) => [name, cpuRatio])).toEqual([
    ['steady', 0.5],
    ['sleeper', 0.01],
  ]);
  clock.advance(2000);
  machine.write(processFiles(11, 'sleeper', { startTicks: 0, ticks: 400, kibibytes: 8000 }));
  const second = await list.top(1);
  expect(second.byCpu).toEqual([
    {
      pid: 11,
      name: 'sleeper',
      cpuRatio: 1.5,
      memoryBytes: 8_192_000,
      ioBytesPerSecond: null,
      threads: 3,
      startedAt: 1_700_000_000_000,
      user: 'ann',
    },
  ]);
  expect(second.byMemory.map(({ name }) => name)).toEqual(['sleeper']);
  expect(second.processCount).toBe(2);
});

test('processes are listed by what they move to and from disks when it is asked for', async () => {
  const clock = createManualClock(1_700_000_100_000);
  const io = (read: number, written: number) =>
    `rchar: 9\nwchar: 9\nread_bytes: ${String(read)}\nwrite_bytes: ${String(written)}\n`;
  machine = createFakeMachine({
    ...BOOT,
    ...processFiles(10, 'quiet', { startTicks: 0, ticks: 1, kibibytes: 4 }),
    ...processFiles(11, 'copier', { startTicks: 0, ticks: 1, kibibytes: 4 }),
    ...processFiles(12, 'foreign', { startTicks: 0, ticks: 1, kibibytes: 4 }),
    'proc/10/io': io(1_000_000, 0),
    'proc/11/io': io(1000, 0),
  });
  const list = createProcessList({ clock, platform: 'linux', root: machine.root });
  expect((await list.top(3)).byIo).toEqual([]);
  await list.top(3, true);
  clock.advance(2000);
  machine.write({ 'proc/11/io': io(3000, 6000) });
  const { byIo } = await list.top(3, true);
  expect(byIo.map(({ name, ioBytesPerSecond }) => [name, ioBytesPerSecond])).toEqual([
    ['copier', 4000],
    ['quiet', 0],
    ['foreign', null],
  ]);
});

test('a number that passed to a new process does not inherit the old one', async () => {
  const clock = createManualClock(1_700_000_100_000);
  machine = createFakeMachine({ ...BOOT, ...processFiles(10, 'old', { startTicks: 0, ticks: 9000, kibibytes: 4 }) });
  const list = createProcessList({ clock, platform: 'linux', root: machine.root });
  await list.top(1);
  clock.advance(10_000);
  machine.write(processFiles(10, 'new', { startTicks: 10_900, ticks: 50, kibibytes: 4 }));
  const { byCpu } = await list.top(1);
  expect(byCpu[0]).toMatchObject({ name: 'new', cpuRatio: 0.5, startedAt: 1_700_000_109_000 });
});

test('a name that the kernel cut short is completed from the command line', async () => {
  machine = createFakeMachine({
    ...BOOT,
    ...processFiles(10, 'prometheus-node-exporter', { startTicks: 0, ticks: 1, kibibytes: 4 }),
  });
  const list = createProcessList({ clock: createManualClock(), platform: 'linux', root: machine.root });
  expect((await list.top(1)).byCpu[0]?.name).toBe('prometheus-node-exporter');
});

test('this very process is found on a real Linux', async () => {
  if (process.platform !== 'linux') return;
  const { byMemory } = await createProcessList({ clock: systemClock }).top(100_000);
  const own = byMemory.find(({ pid }) => pid === process.pid);
  expect(own?.memoryBytes).toBeGreaterThan(10_000_000);
  expect(Math.abs((own?.startedAt ?? 0) - (Date.now() - process.uptime() * 1000))).toBeLessThan(5000);
});

test('elsewhere processes come from systeminformation, with percents turned into cores', async () => {
  const process = { pid: 5, name: 'Safari', cpu: 25, memRss: 1024, started: '2026-01-02 03:04:05', user: 'ann' };
  const list = createProcessList({
    clock: createManualClock(),
    platform: 'darwin',
    systemInformation: () =>
      Promise.resolve({
        processes: () => Promise.resolve({ list: [process] }),
        cpu: () => Promise.resolve({ cores: 8 }),
      } as never),
  });
  const { byCpu } = await list.top(5);
  expect(byCpu[0]).toMatchObject({ pid: 5, name: 'Safari', cpuRatio: 2, memoryBytes: 1_048_576, threads: null });
});

test('the model and the physical cores are read from cpuinfo', () => {
  const core = (package_: number, id: number) =>
    `processor : 0\nmodel name\t: Fast CPU\nphysical id\t: ${String(package_)}\ncore id\t\t: ${String(id)}\n\n`;
  const text = core(0, 0) + core(0, 1) + core(0, 0) + core(0, 1);
  expect(parseCpuInfo(text)).toEqual({ cpuModel: 'Fast CPU', physicalCoreCount: 2 });
  expect(parseCpuInfo('processor : 0\nModel : Raspberry Pi 5\n')).toEqual({
    cpuModel: 'Raspberry Pi 5',
    physicalCoreCount: null,
  });
});

test('facts name the system, its processor and when it started', async () => {
  machine = createFakeMachine({
    ...BOOT,
    'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12"\n',
    'proc/cpuinfo': 'model name : Fast CPU\n',
  });
  const facts = await readHostFacts({ clock: createManualClock(), platform: 'linux', root: machine.root });
  expect(facts).toMatchObject({
    operatingSystem: 'Debian GNU/Linux 12',
    cpuModel: 'Fast CPU',
    bootTimeMs: 1_700_000_000_000,
  });
  expect(facts.memoryBytes).toBeGreaterThan(0);
});

test('temperatures come hottest first, and a machine without sensors has none', async () => {
  machine = createFakeMachine({
    'sys/class/hwmon/hwmon0/name': 'nvme\n',
    'sys/class/hwmon/hwmon0/temp1_input': '38850\n',
    'sys/class/hwmon/hwmon1/name': 'k10temp\n',
    'sys/class/hwmon/hwmon1/temp1_input': '61500\n',
    'sys/class/hwmon/hwmon1/temp1_label': 'Tctl\n',
    'sys/class/hwmon/hwmon1/temp1_crit': '95000\n',
  });
  expect(await readTemperatures({ platform: 'linux', root: machine.root })).toEqual([
    { title: 'k10temp: Tctl', celsius: 61.5, criticalCelsius: 95 },
    { title: 'nvme: temp1', celsius: 38.85, criticalCelsius: null },
  ]);
  machine.remove('sys');
  expect(await readTemperatures({ platform: 'linux', root: machine.root })).toEqual([]);
});
