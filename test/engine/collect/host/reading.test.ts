import { expect, test } from 'vitest';
import { emptyReading } from '../../../../electron/engine/collect/host/raw-reading.ts';
import type { FilesystemUse, RawReading } from '../../../../electron/engine/collect/host/raw-reading.ts';
import { summariseReading } from '../../../../electron/engine/collect/host/reading.ts';

function reading(monotonicMs: number, found: Partial<RawReading>): RawReading {
  return { ...emptyReading(1_000_000 + monotonicMs, monotonicMs), ...found };
}

function cpu(name: string, user: number, idle: number, iowait: number, steal = 0) {
  return { cpu: name, seconds: [user, 0, 0, idle, iowait, 0, 0, steal], guest: null };
}

function filesystem(mountpoint: string, usedShare: number, changes: Partial<FilesystemUse> = {}): FilesystemUse {
  const sizeBytes = 1000;
  const freeBytes = sizeBytes * (1 - usedShare);
  const space = { sizeBytes, freeBytes, availableBytes: freeBytes, files: 1, filesFree: 1 };
  return { device: 'd', mountpoint, fstype: 'ext4', isReadOnly: false, space, ...changes };
}

test('a system that tells nothing gives a reading of nulls', () => {
  expect(summariseReading(null, reading(0, {}), null)).toEqual({
    timestampMs: 1_000_000,
    cpuRatio: null,
    cpuModeRatios: null,
    cpuCount: null,
    memory: null,
    worstFilesystem: null,
    failedMountpoints: [],
    network: null,
    disk: null,
    load: null,
    uptimeMs: null,
    temperatureMaxCelsius: null,
  });
});

test('waiting for a disk is not work, and stolen time is', () => {
  const before = reading(0, { cpus: [cpu('0', 10, 100, 5)] });
  const after = reading(10_000, { cpus: [cpu('0', 12, 104, 8, 1)] });
  const { cpuRatio, cpuModeRatios } = summariseReading(before, after, null);
  expect(cpuRatio).toBeCloseTo(0.3, 12);
  expect(cpuModeRatios).toMatchObject({ user: 0.2, idle: 0.4, iowait: 0.3, steal: 0.1 });
});

test('a CPU that was plugged in between two readings does not count yet', () => {
  const before = reading(0, { cpus: [cpu('0', 0, 0, 0)] });
  const after = reading(1000, { cpus: [cpu('0', 1, 1, 0), cpu('1', 500, 0, 0)] });
  expect(summariseReading(before, after, null).cpuRatio).toBeCloseTo(0.5, 12);
});

test('a mode that the system does not count is 0', () => {
  const seconds = (user: number, idle: number) => [user, NaN, 0, idle, NaN, NaN, NaN, NaN];
  const before = reading(0, { cpus: [{ cpu: '0', seconds: seconds(0, 0), guest: null }] });
  const after = reading(1000, { cpus: [{ cpu: '0', seconds: seconds(1, 3), guest: null }] });
  const { cpuRatio, cpuModeRatios } = summariseReading(before, after, null);
  expect(cpuRatio).toBe(0.25);
  expect(cpuModeRatios?.iowait).toBe(0);
});

test('memory in use is what programs cannot get', () => {
  const memory = { totalBytes: 1000, availableBytes: 250, swapTotalBytes: 100, swapFreeBytes: 40 };
  expect(summariseReading(null, reading(0, { memory }), null).memory).toEqual({
    usedRatio: 0.75,
    usedBytes: 750,
    totalBytes: 1000,
    swapUsedBytes: 60,
    swapTotalBytes: 100,
  });
});

test('the worst file system is the fullest one that can fill up', () => {
  const filesystems = [
    filesystem('/', 0.5),
    filesystem('/data', 0.8),
    filesystem('/cd', 1, { isReadOnly: true }),
    filesystem('/run', 0.95, { fstype: 'tmpfs' }),
    filesystem('/dead', 0, { space: null }),
  ];
  const summary = summariseReading(null, reading(0, { filesystems }), null);
  expect(summary.worstFilesystem?.mountpoint).toBe('/data');
  expect(summary.worstFilesystem?.usedRatio).toBeCloseTo(0.8, 12);
  expect(summary.failedMountpoints).toEqual(['/dead']);
});

test('what is kept for root counts as full, as in df', () => {
  const space = { sizeBytes: 1000, freeBytes: 100, availableBytes: 0, files: 1, filesFree: 1 };
  const summary = summariseReading(null, reading(0, { filesystems: [filesystem('/', 0, { space })] }), null);
  expect(summary.worstFilesystem?.usedRatio).toBe(1);
});

test('rates are per second of monotonic time, and never negative when a device goes away', () => {
  const before = reading(0, {
    network: { receivedBytes: 1000, transmittedBytes: 9000 },
    disk: { readBytes: 0, writtenBytes: 0 },
  });
  const after = reading(2000, {
    network: { receivedBytes: 5000, transmittedBytes: 10 },
    disk: { readBytes: 4096, writtenBytes: 0 },
  });
  const summary = summariseReading(before, after, null);
  expect(summary.network).toEqual({ receivedBytesPerSecond: 2000, transmittedBytesPerSecond: 0 });
  expect(summary.disk).toEqual({ readBytesPerSecond: 2048, writtenBytesPerSecond: 0 });
});

test('rates that were measured elsewhere stand in', () => {
  const rates = { network: { receivedBytesPerSecond: 7, transmittedBytesPerSecond: 8 }, disk: null };
  expect(summariseReading(null, reading(0, { rates }), null)).toMatchObject(rates);
});
