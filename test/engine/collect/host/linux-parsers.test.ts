import { expect, test } from 'vitest';
import { emitCpuTimes, holdCounters, parseCpuTimes } from '../../../../electron/engine/collect/host/linux/cpu-times.ts';
import {
  emitDiskStats,
  parseDiskStats,
  sumDiskBytes,
} from '../../../../electron/engine/collect/host/linux/disk-stats.ts';
import {
  bootTimeSeconds,
  emitFileHandles,
  emitKernelCounters,
  emitPressure,
  emitVmstat,
  parseLoadAverage,
} from '../../../../electron/engine/collect/host/linux/kernel-counters.ts';
import { memoryUse, parseMemoryInfo } from '../../../../electron/engine/collect/host/linux/memory-info.ts';
import { parseMounts } from '../../../../electron/engine/collect/host/linux/mounts.ts';
import {
  emitNetworkDevices,
  parseNetworkDevices,
  sumNetworkBytes,
} from '../../../../electron/engine/collect/host/linux/network-devices.ts';
import { parseProcessStat } from '../../../../electron/engine/collect/host/linux/process-scan.ts';
import { parseOsRelease } from '../../../../electron/engine/collect/host/linux/slow-groups.ts';
import { DISKSTATS, machineFiles, MEMINFO, MOUNTINFO, NETDEV, recordEmits, STAT } from './fake-machine.ts';

test('every mode of every CPU is in seconds, and the line with the sum is left out', () => {
  const record = recordEmits();
  emitCpuTimes(parseCpuTimes(STAT), record.emit);
  expect(record.lines).toHaveLength(20);
  expect(record.lines.slice(0, 10)).toEqual([
    'node_cpu_seconds_total{cpu=0,mode=user} 2',
    'node_cpu_seconds_total{cpu=0,mode=nice} 0.1',
    'node_cpu_seconds_total{cpu=0,mode=system} 0.6',
    'node_cpu_seconds_total{cpu=0,mode=idle} 19',
    'node_cpu_seconds_total{cpu=0,mode=iowait} 0.3',
    'node_cpu_seconds_total{cpu=0,mode=irq} 0.04',
    'node_cpu_seconds_total{cpu=0,mode=softirq} 0.05',
    'node_cpu_seconds_total{cpu=0,mode=steal} 0.06',
    'node_cpu_guest_seconds_total{cpu=0,mode=user} 0.2',
    'node_cpu_guest_seconds_total{cpu=0,mode=nice} 0.02',
  ]);
});

test('a CPU counter that steps back a little is held, and one of a CPU that came back starts anew', () => {
  const before = parseCpuTimes('cpu  0\ncpu0 100 0 50 1000 40 0 0 0 0 0\ncpu1 100 0 50 1000 40 0 0 0 0 0\n');
  const after = parseCpuTimes('cpu  0\ncpu0 110 0 50 1001 39 0 0 0 0 0\ncpu1 1 0 1 10 0 0 0 0 0 0\n');
  const [first, second] = holdCounters(before, after);
  expect(first?.seconds.slice(0, 5)).toEqual([1.1, 0, 0.5, 10.01, 0.4]);
  expect(second?.seconds.slice(0, 5)).toEqual([0.01, 0, 0.01, 0.1, 0]);
});

test('the counters of the kernel are found between the CPUs and the long lines', () => {
  const record = recordEmits();
  emitKernelCounters(STAT, record.emit);
  expect(record.lines).toEqual([
    'node_intr_total{} 123456',
    'node_context_switches_total{} 987654',
    'node_boot_time_seconds{} 1700000000',
    'node_forks_total{} 4321',
    'node_procs_running{} 3',
    'node_procs_blocked{} 1',
  ]);
  expect(bootTimeSeconds(STAT)).toBe(1700000000);
});

test('load averages are the first three numbers', () => {
  expect(parseLoadAverage('0.20 0.18 0.12 1/80 11206\n')).toEqual([0.2, 0.18, 0.12]);
});

test('memory keeps the names of the file, in bytes where the file has a unit', () => {
  const values = parseMemoryInfo(MEMINFO);
  expect(values.get('MemTotal_bytes')).toBe(16_384_000_000);
  expect(values.get('Active_anon_bytes')).toBe(716_800_000);
  expect(values.get('HugePages_Total')).toBe(3);
  expect(values.get('Hugepagesize_bytes')).toBe(2_097_152);
  expect(memoryUse(values)).toEqual({
    totalBytes: 16_384_000_000,
    availableBytes: 9_216_000_000,
    swapTotalBytes: 4_096_000_000,
    swapFreeBytes: 3_072_000_000,
  });
});

test('without MemAvailable free memory and cache count as available', () => {
  const old = parseMemoryInfo('MemTotal: 100 kB\nMemFree: 10 kB\nBuffers: 5 kB\nCached: 20 kB\n');
  expect(memoryUse(old).availableBytes).toBe(35 * 1024);
});

test('disks are converted to bytes and seconds, without partitions and loop devices', () => {
  const disks = parseDiskStats(DISKSTATS);
  expect(disks.map((disk) => disk.device)).toEqual(['sda', 'nvme0n1', 'dm-0']);
  const record = recordEmits();
  emitDiskStats(disks, record.emit, () => new Map());
  expect(record.lines).toContain('node_disk_read_bytes_total{device=sda} 40960000');
  expect(record.lines).toContain('node_disk_write_time_seconds_total{device=sda} 4');
  expect(record.lines).toContain('node_disk_io_now{device=sda} 2');
  expect(record.lines).toContain('node_disk_discarded_sectors_total{device=sda} 512');
  expect(record.lines).toContain('node_disk_flush_requests_time_seconds_total{device=sda} 0.06');
  expect(record.lines).toContain('node_disk_info{device=sda,major=8,minor=0} 1');
});

test('a disk of an old kernel has only the counters that it counts', () => {
  const record = recordEmits();
  emitDiskStats(parseDiskStats('   8 0 sdb 1 2 3 4 5 6 7 8 9 10 11\n'), record.emit, () => new Map());
  expect(record.lines).toHaveLength(12);
});

test('the sum over disks leaves out what stands on another disk', () => {
  expect(sumDiskBytes(parseDiskStats(DISKSTATS))).toEqual({ readBytes: 81_000 * 512, writtenBytes: 162_000 * 512 });
});

test('network columns are read with or without a space after the colon', () => {
  const devices = parseNetworkDevices(NETDEV);
  expect(devices.map((each) => each.device)).toEqual(['lo', 'eth0', 'veth1a2b']);
  const record = recordEmits();
  emitNetworkDevices(devices, record.emit);
  expect(record.lines).toHaveLength(48);
  expect(record.lines).toContain('node_network_receive_bytes_total{device=eth0} 5000000');
  expect(record.lines).toContain('node_network_receive_multicast_total{device=eth0} 6');
  expect(record.lines).toContain('node_network_transmit_colls_total{device=eth0} 10');
  expect(record.lines).toContain('node_network_transmit_compressed_total{device=eth0} 12');
  expect(sumNetworkBytes(devices)).toEqual({ receivedBytes: 5_000_000, transmittedBytes: 700_000 });
});

test('mounts are unescaped, told read-only, and free of kernel interfaces, container layers and repetitions', () => {
  expect(parseMounts(MOUNTINFO)).toEqual([
    { device: '/dev/sda1', mountpoint: '/', fstype: 'ext4', isReadOnly: false },
    { device: '/dev/sda2', mountpoint: '/mnt/my disk', fstype: 'xfs', isReadOnly: false },
    { device: '/dev/sr0', mountpoint: '/media/cd', fstype: 'udf', isReadOnly: true },
    { device: 'server:/export', mountpoint: '/srv/share', fstype: 'nfs4', isReadOnly: false },
    { device: 'server2:/export', mountpoint: '/backup', fstype: 'nfs', isReadOnly: false },
  ]);
});

test('pressure is in seconds, and the meaningless full line of the CPU is left out', () => {
  const files = machineFiles();
  const record = recordEmits();
  emitPressure('cpu', files['proc/pressure/cpu'] ?? '', record.emit);
  emitPressure('io', files['proc/pressure/io'] ?? '', record.emit);
  expect(record.lines).toEqual([
    'node_pressure_cpu_waiting_seconds_total{} 19.856023',
    'node_pressure_io_waiting_seconds_total{} 8.17772',
    'node_pressure_io_stalled_seconds_total{} 7.562979',
  ]);
});

test('of vmstat only paging, swapping, faults and kills are kept', () => {
  const record = recordEmits();
  emitVmstat(machineFiles()['proc/vmstat'] ?? '', record.emit);
  expect(record.lines.map((line) => line.replace(/\{.*/, ''))).toEqual(
    ['pgpgin', 'pgpgout', 'pswpin', 'pswpout', 'pgfault', 'pgmajfault', 'oom_kill'].map(
      (name) => `node_vmstat_${name}`,
    ),
  );
});

test('file handles are the first and the last number', () => {
  const record = recordEmits();
  emitFileHandles('593\t0\t2466170\n', record.emit);
  expect(record.lines).toEqual(['node_filefd_allocated{} 593', 'node_filefd_maximum{} 2466170']);
});

test('a process may have parentheses and spaces in its name', () => {
  const text =
    '42 (a (b) c) S 1 42 42 0 -1 4194304 103 0 0 0 150 50 0 0 20 0 7 0 112360 3133440 390 18446744073709551615 1 1';
  expect(parseProcessStat(text)).toMatchObject({
    name: 'a (b) c',
    cpuTicks: 200,
    threads: 7,
    startTicks: 112360,
    residentPages: 390,
  });
});

test('os-release values may be bare or quoted', () => {
  expect(Object.fromEntries(parseOsRelease('NAME="My \\"OS\\""\nID=myos\nVERSION_ID=\'12.3\'\n# comment\n'))).toEqual({
    NAME: 'My "OS"',
    ID: 'myos',
    VERSION_ID: '12.3',
  });
});
