import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SampleSink } from '../../../../electron/engine/collect/sample-sink.ts';
import { formatLabels } from '../../../../shared/model/labels.ts';

/** A directory that stands for `/` of a machine. */
export interface FakeMachine {
  readonly root: string;
  write(files: Readonly<Record<string, string>>): void;
  remove(path?: string): void;
}

export function createFakeMachine(files: Readonly<Record<string, string>> = {}): FakeMachine {
  const root = mkdtempSync(join(tmpdir(), 'vedette-machine-'));
  const machine: FakeMachine = {
    root,
    write(more) {
      for (const [path, text] of Object.entries(more)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    remove(path = '') {
      rmSync(join(root, path), { recursive: true, force: true });
    },
  };
  machine.write(files);
  return machine;
}

/** Keeps what is written, by the series as PromQL writes it. */
export interface RecordingSink extends SampleSink {
  readonly names: string[];
  readonly samples: { series: string; timestampMs: number; value: number }[];
  readonly stale: { series: string; timestampMs: number }[];
  latest(): Map<string, number>;
}

export function createRecordingSink(): RecordingSink {
  const names: string[] = [];
  const sink: RecordingSink = {
    names,
    samples: [],
    stale: [],
    ref: (labels) => names.push(formatLabels(labels)) - 1,
    append(ref, timestampMs, value) {
      sink.samples.push({ series: names[ref] ?? '', timestampMs, value });
    },
    appendStale(ref, timestampMs) {
      sink.stale.push({ series: names[ref] ?? '', timestampMs });
    },
    latest: () => new Map(sink.samples.map(({ series, value }) => [series, value])),
  };
  return sink;
}

/** What a parser emitted, one text per sample. */
export function recordEmits(): {
  emit: (name: string, labels: readonly string[], value: number) => void;
  lines: string[];
} {
  const lines: string[] = [];
  return {
    lines,
    emit(name, labels, value) {
      const pairs: string[] = [];
      for (let i = 0; i < labels.length; i += 2) pairs.push(`${labels[i] ?? ''}=${labels[i + 1] ?? ''}`);
      lines.push(`${name}{${pairs.join(',')}} ${String(value)}`);
    },
  };
}

export const STAT = `cpu  300 20 100 4000 50 6 7 8 30 2
cpu0 200 10 60 1900 30 4 5 6 20 2
cpu1 100 10 40 2100 20 2 2 2 10 0
intr 123456 9 0 0 1 2 3
ctxt 987654
btime 1700000000
processes 4321
procs_running 3
procs_blocked 1
softirq 1000 1 2 3
`;
export const MEMINFO = `MemTotal:       16000000 kB
MemFree:         2000000 kB
MemAvailable:    9000000 kB
Buffers:          100000 kB
Cached:          5000000 kB
SwapTotal:       4000000 kB
SwapFree:        3000000 kB
Active(anon):     700000 kB
HugePages_Total:       3
Hugepagesize:       2048 kB
`;
export const DISKSTATS = `   7       0 loop0 5 0 40 1 0 0 0 0 0 1 1 0 0 0 0 0 0
   8       0 sda 1000 20 80000 3000 500 40 160000 4000 2 5000 7000 10 1 512 90 30 60
   8       1 sda1 900 10 70000 2000 400 30 150000 3000 0 4000 6000
 259       0 nvme0n1 10 0 1000 5 10 0 2000 6 0 7 11
 259       1 nvme0n1p1 9 0 900 4 9 0 1900 5 0 6 10
 253       0 dm-0 1000 0 80000 3000 500 0 160000 4000 0 5000 7000
`;
export const NETDEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1000      10    0    0    0     0          0         0     1000      10    0    0    0     0       0          0
  eth0:5000000 4000    1    2    3     4          5         6  700000    800    7    8    9    10      11         12
veth1a2b: 99 1 0 0 0 0 0 0 99 1 0 0 0 0 0 0
`;
export const MOUNTINFO = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,discard
30 27 8:2 / /mnt/my\\040disk rw shared:2 master:3 - xfs /dev/sda2 rw
31 27 8:2 / /mnt/my\\040disk rw - xfs /dev/sda2 rw
32 27 0:40 / /snap/core ro,nodev - squashfs /dev/loop0 ro
33 27 0:50 / /media/cd ro,relatime - udf /dev/sr0 ro
34 27 0:60 / /srv/share rw - nfs4 server:/export rw,vers=4.2
35 27 0:61 / /var/lib/docker/overlay2/abc/merged rw - ext4 /dev/sda9 rw
36 27 0:62 / /backup rw - nfs server2:/export rw
`;

export function machineFiles(): Record<string, string> {
  return {
    'proc/stat': STAT,
    'proc/loadavg': '0.20 0.18 0.12 1/80 11206\n',
    'proc/meminfo': MEMINFO,
    'proc/diskstats': DISKSTATS,
    'proc/net/dev': NETDEV,
    'proc/1/mountinfo': MOUNTINFO,
    'proc/vmstat':
      'nr_free_pages 5\npgpgin 10\npgpgout 20\npswpin 1\npswpout 2\npgfault 30\npgmajfault 4\noom_kill 0\n',
    'proc/sys/fs/file-nr': '593\t0\t2466170\n',
    'proc/pressure/cpu': 'some avg10=0.65 avg60=0.43 avg300=0.60 total=19856023\nfull avg10=0.00 total=5\n',
    'proc/pressure/io': 'some avg10=0.12 total=8177720\nfull avg10=0.12 total=7562979\n',
    'proc/pressure/memory': 'some avg10=0.00 total=10\nfull avg10=0.00 total=7\n',
  };
}
