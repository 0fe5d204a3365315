import type { Clock } from '../../schedule/clock.ts';
import type { Emit } from './host-series.ts';
import type { Mount } from './linux/mounts.ts';
import type { FilesystemUse } from './raw-reading.ts';

/** The numbers of statfs(2) that are used; `blocks`, `bfree` and `bavail` count blocks of `bsize` bytes. */
export interface StatFsAnswer {
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

/** The two calls of `node:fs`, or a test's own. */
export interface StatFs {
  readonly statfs: (path: string, done: (error: Error | null, stats: StatFsAnswer) => void) => void;
  readonly statfsSync: (path: string) => StatFsAnswer;
}

export interface FilesystemGauge {
  /** The use of each mount, in the order given; `space` is null for one that failed or did not answer in time. */
  measure(mounts: readonly Mount[]): Promise<FilesystemUse[]>;
}

/**
 * A call on a dead network mount never returns and holds one of libuv's few threads for good; four of them would end all
 * file access of the program. So at most two calls are ever pending, which is never two on one mount: the second place is
 * the only one that remote mounts may take, so that dead servers, however many, leave the first to the local disks.
 */
const PLACES = 2;

/** @param boundMs longest wait for one mount; it is asked again once its outstanding call has come back */
export function createFilesystemGauge(options: {
  readonly fs: StatFs;
  readonly clock: Clock;
  readonly boundMs: number;
}): FilesystemGauge {
  const { fs, clock, boundMs } = options;
  const pendingMounts: (string | null)[] = new Array<string | null>(PLACES).fill(null);

  function freePlace(mount: Mount): number | null {
    if (pendingMounts.includes(mount.mountpoint)) return null;
    for (let place = isRemote(mount) ? PLACES - 1 : 0; place < PLACES; place++) {
      if (pendingMounts[place] === null) return place;
    }
    return null;
  }

  function ask(mount: Mount): Promise<FilesystemUse['space']> {
    const place = freePlace(mount);
    if (place === null) return Promise.resolve(null);
    pendingMounts[place] = mount.mountpoint;
    return new Promise((resolve) => {
      const cancel = clock.after(boundMs, () => {
        resolve(null);
      });
      fs.statfs(mount.mountpoint, (error, stats) => {
        pendingMounts[place] = null;
        cancel();
        resolve(error === null ? spaceOf(stats) : null);
      });
    });
  }

  return {
    async measure(mounts) {
      const remotePlaces = mounts.filter(isRemote).map((mount) => `${mount.mountpoint}/`);
      const isReachedLocally = ({ mountpoint }: Mount) => !remotePlaces.some((place) => mountpoint.startsWith(place));
      const uses = new Map<Mount, FilesystemUse>();
      for (const mount of mounts) {
        if (ANSWERS_FROM_MEMORY.test(mount.fstype) && isReachedLocally(mount)) {
          uses.set(mount, { ...mount, space: askNow(mount, fs) });
        }
      }
      // Local ones before remote ones: when a remote one hangs, the others have their values already.
      for (const remote of [false, true]) {
        for (const mount of mounts) {
          if (uses.has(mount) || isRemote(mount) !== remote) continue;
          uses.set(mount, { ...mount, space: await ask(mount) });
        }
      }
      return mounts.flatMap((mount) => uses.get(mount) ?? []);
    },
  };
}

/**
 * Types whose statfs reads counters in the kernel's memory and waits for no device; the way to a mount point stays in
 * memory too. Asked directly, one costs 1 µs of CPU in place of 80 µs through the thread pool. XFS may wait for its
 * inode collector and btrfs for an allocation, so these are not among them.
 */
const ANSWERS_FROM_MEMORY = /^(tmpfs|ramfs|ext[234])$/;

function askNow(mount: Mount, fs: StatFs): FilesystemUse['space'] {
  try {
    return spaceOf(fs.statfsSync(mount.mountpoint));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/** Types that ask a server, or a program in user space, for their answer. */
const REMOTE_TYPE =
  /^(nfs|cifs|smb|ceph|9p|afs|ncpfs|glusterfs|lustre|gpfs|beegfs|orangefs|virtiofs|fuse|davfs|sshfs|webdav)/;

function isRemote(mount: Mount): boolean {
  return REMOTE_TYPE.test(mount.fstype);
}

function spaceOf(stats: StatFsAnswer): FilesystemUse['space'] {
  return {
    sizeBytes: stats.blocks * stats.bsize,
    freeBytes: stats.bfree * stats.bsize,
    availableBytes: stats.bavail * stats.bsize,
    files: stats.files,
    filesFree: stats.ffree,
  };
}

/** node_exporter's series; a mount without an answer has only `device_error` 1 and `readonly`. */
export function emitFilesystems(uses: readonly FilesystemUse[], emit: Emit): void {
  for (const { device, mountpoint, fstype, isReadOnly, space } of uses) {
    const labels = ['device', device, 'fstype', fstype, 'mountpoint', mountpoint];
    emit('node_filesystem_device_error', labels, space === null ? 1 : 0);
    emit('node_filesystem_readonly', labels, isReadOnly ? 1 : 0);
    if (space === null) continue;
    emit('node_filesystem_size_bytes', labels, space.sizeBytes);
    emit('node_filesystem_free_bytes', labels, space.freeBytes);
    emit('node_filesystem_avail_bytes', labels, space.availableBytes);
    emit('node_filesystem_files', labels, space.files);
    emit('node_filesystem_files_free', labels, space.filesFree);
  }
}
