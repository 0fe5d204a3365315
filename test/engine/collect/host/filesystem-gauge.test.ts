import { expect, test } from 'vitest';
import { createFilesystemGauge, emitFilesystems } from '../../../../electron/engine/collect/host/filesystem-gauge.ts';
import type { StatFsAnswer } from '../../../../electron/engine/collect/host/filesystem-gauge.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { recordEmits } from './fake-machine.ts';

const STATS: StatFsAnswer = { bsize: 4096, blocks: 100, bfree: 50, bavail: 40, files: 10, ffree: 5 };

/** Mounts that answer at once, but for those in `hung`, whose answer comes when `release` is called. */
function createFileSystems(hung: Set<string>) {
  const held = new Map<string, () => void>();
  const asked: string[] = [];
  return {
    asked,
    pending: () => held.size,
    release(path: string) {
      held.get(path)?.();
      held.delete(path);
    },
    statfs(path: string, done: (error: Error | null, stats: StatFsAnswer) => void) {
      asked.push(path);
      const answer = () => {
        done(null, STATS);
      };
      if (hung.has(path)) held.set(path, answer);
      else queueMicrotask(answer);
    },
    statfsSync(path: string): StatFsAnswer {
      asked.push(`${path} (at once)`);
      return STATS;
    },
  };
}

function mount(mountpoint: string, fstype: string) {
  return { device: `dev${mountpoint}`, mountpoint, fstype, isReadOnly: false };
}

async function settled<T>(promise: Promise<T>, clock: ReturnType<typeof createManualClock>): Promise<T> {
  await clock.run(5000);
  return promise;
}

test('a hung mount is noted after its bound, and the others have their values', async () => {
  const clock = createManualClock();
  const fs = createFileSystems(new Set(['/nfs']));
  const gauge = createFilesystemGauge({ fs, clock, boundMs: 1000 });
  const uses = await settled(gauge.measure([mount('/nfs', 'nfs4'), mount('/home', 'xfs'), mount('/', 'ext4')]), clock);
  expect(uses.map(({ mountpoint, space }) => [mountpoint, space === null])).toEqual([
    ['/nfs', true],
    ['/home', false],
    ['/', false],
  ]);
  const record = recordEmits();
  emitFilesystems(uses.slice(0, 1), record.emit);
  expect(record.lines).toEqual([
    'node_filesystem_device_error{device=dev/nfs,fstype=nfs4,mountpoint=/nfs} 1',
    'node_filesystem_readonly{device=dev/nfs,fstype=nfs4,mountpoint=/nfs} 0',
  ]);
});

test('a hung mount is not asked again before its call has come back', async () => {
  const clock = createManualClock();
  const fs = createFileSystems(new Set(['/nfs']));
  const gauge = createFilesystemGauge({ fs, clock, boundMs: 1000 });
  for (let i = 0; i < 3; i++) await settled(gauge.measure([mount('/nfs', 'nfs4')]), clock);
  expect(fs.asked).toEqual(['/nfs']);
  fs.release('/nfs');
  await settled(gauge.measure([mount('/nfs', 'nfs4')]), clock);
  expect(fs.asked).toEqual(['/nfs', '/nfs']);
});

test('never more than two calls are pending, and dead servers leave one of them to local disks', async () => {
  const clock = createManualClock();
  const remote = ['/a', '/b', '/c'].map((path) => mount(path, 'nfs'));
  const local = ['/x', '/y', '/z'].map((path) => mount(path, 'xfs'));
  const fs = createFileSystems(new Set(['/a', '/b', '/c']));
  const gauge = createFilesystemGauge({ fs, clock, boundMs: 1000 });
  await settled(gauge.measure([...remote, ...local]), clock);
  expect(fs.pending()).toBe(1);
  const uses = await settled(gauge.measure([...remote, ...local]), clock);
  expect(uses.filter(({ space }) => space !== null).map(({ mountpoint }) => mountpoint)).toEqual(['/x', '/y', '/z']);

  const broken = createFileSystems(new Set(['/a', '/x', '/y', '/z']));
  const brokenGauge = createFilesystemGauge({ fs: broken, clock, boundMs: 1000 });
  for (let i = 0; i < 3; i++) await settled(brokenGauge.measure([...remote, ...local]), clock);
  expect(broken.pending()).toBe(2);
});

test('one hung local disk leaves the others their values', async () => {
  const clock = createManualClock();
  const fs = createFileSystems(new Set(['/x']));
  const gauge = createFilesystemGauge({ fs, clock, boundMs: 1000 });
  const mounts = [mount('/x', 'xfs'), mount('/y', 'btrfs'), mount('/nfs', 'nfs')];
  for (let i = 0; i < 2; i++) {
    const uses = await settled(gauge.measure(mounts), clock);
    expect(uses.map(({ space }) => space === null)).toEqual([true, false, false]);
  }
});

test('a file system in memory is asked at once, unless the way to it leads over a server', async () => {
  const clock = createManualClock();
  const fs = createFileSystems(new Set());
  const gauge = createFilesystemGauge({ fs, clock, boundMs: 1000 });
  await settled(gauge.measure([mount('/run', 'tmpfs'), mount('/nfs', 'nfs'), mount('/nfs/tmp', 'tmpfs')]), clock);
  expect(fs.asked).toEqual(['/run (at once)', '/nfs/tmp', '/nfs']);
});

test('no timer is left when every mount has answered', async () => {
  const clock = createManualClock();
  const gauge = createFilesystemGauge({ fs: createFileSystems(new Set()), clock, boundMs: 1000 });
  await gauge.measure([mount('/home', 'xfs')]);
  expect(clock.pendingTimers()).toBe(0);
});
