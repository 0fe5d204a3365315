import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Emit } from '../host-series.ts';
import { readAttributeNow } from '../sysfs.ts';

/** What a control group of a container has used; null is what its kernel or its settings do not tell. */
export interface ContainerUse {
  /** Of the control group, from the root of its hierarchy: `/system.slice/docker-….scope`. */
  readonly path: string;
  /** Of the container: its 64 digits, or its name where the manager has no number. */
  readonly id: string;
  readonly cpuSeconds: { readonly total: number; readonly user: number | null; readonly system: number | null } | null;
  readonly throttledPeriods: number | null;
  readonly memoryBytes: number | null;
  /** Without what is only cached and can be dropped. */
  readonly workingSetBytes: number | null;
  /** Null when there is none. */
  readonly memoryLimitBytes: number | null;
  readonly outOfMemoryKills: number | null;
  readonly readBytes: number | null;
  readonly writtenBytes: number | null;
  readonly processes: number | null;
}

/** How Docker, Podman, CRI-O, containerd, LXC and systemd-nspawn name the groups of their containers. */
const CONTAINER_NAMES = [
  /^(?:docker|libpod|crio|cri-containerd|nerdctl)-([0-9a-f]{64})(?:\.scope)?$/,
  /^([0-9a-f]{64})$/,
  /^lxc\.payload\.(.+)$/,
  /^systemd-nspawn@(.+)\.service$/,
  /^machine-(.+)\.scope$/,
];

export function containerIdOf(groupName: string): string | null {
  for (const pattern of CONTAINER_NAMES) {
    const id = pattern.exec(groupName)?.[1];
    if (id !== undefined) return id;
  }
  return null;
}

/** Groups below which containers are found; those of ordinary services hold none. */
const MAY_HOLD =
  /(^|[./-])(docker|containerd|podman|libpod|crio|lxc|kubepods|kubelet|machine|user|app|session|payload|nerdctl|buildkit|pod)|\.slice$/;
const DEEPEST = 8;

/** A mounted hierarchy: all controllers together, or one directory for each as before. */
export interface ControlGroups {
  readonly version: 1 | 2;
  readonly directory: string;
}

/** Where the machine's control groups are; null when it has none. `root` is `/` outside of tests. */
export function findControlGroups(root: string): ControlGroups | null {
  const directory = join(root, 'sys/fs/cgroup');
  if (readAttributeNow(join(directory, 'cgroup.controllers')) !== null) return { version: 2, directory };
  return listGroups(join(directory, 'memory')) === null ? null : { version: 1, directory };
}

/** Read every container. Control groups are answered from memory. */
export function readContainers(groups: ControlGroups): ContainerUse[] {
  const found: ContainerUse[] = [];
  const walk = (path: string, depth: number): void => {
    const base = groups.version === 2 ? groups.directory : join(groups.directory, 'memory');
    for (const name of listGroups(join(base, path)) ?? []) {
      const own = `${path}/${name}`;
      const id = containerIdOf(name);
      if (id !== null) found.push(readUse(groups, own, id));
      // Below `/docker`, `/lxc` and the like are containers; below a container only its own groups.
      else if (depth < DEEPEST && MAY_HOLD.test(name)) walk(own, depth + 1);
    }
  };
  walk('', 0);
  return found;
}

function listGroups(directory: string): string[] | null {
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

function readUse({ version, directory }: ControlGroups, path: string, id: string): ContainerUse {
  return version === 2 ? readUnified(join(directory, path), path, id) : readSeparate(directory, path, id);
}

/** Source: the kernel's Documentation/admin-guide/cgroup-v2.rst. */
function readUnified(group: string, path: string, id: string): ContainerUse {
  const read = (file: string) => readAttributeNow(join(group, file));
  const cpu = read('cpu.stat');
  const microseconds = (word: string) => scale(field(cpu, word), 1e-6);
  const total = microseconds('usage_usec');
  const memoryBytes = numberOf(read('memory.current'));
  const io = ioBytes(read('io.stat'));
  return {
    path,
    id,
    cpuSeconds: total === null ? null : { total, user: microseconds('user_usec'), system: microseconds('system_usec') },
    throttledPeriods: field(cpu, 'nr_throttled'),
    memoryBytes,
    workingSetBytes: without(memoryBytes, field(read('memory.stat'), 'inactive_file')),
    memoryLimitBytes: limitOf(read('memory.max')),
    outOfMemoryKills: field(read('memory.events'), 'oom_kill'),
    ...io,
    processes: numberOf(read('pids.current')),
  };
}

/** Source: the kernel's Documentation/admin-guide/cgroup-v1. */
function readSeparate(directory: string, path: string, id: string): ContainerUse {
  const read = (controller: string, file: string) => readAttributeNow(join(directory, controller, path, file));
  const total = scale(numberOf(read('cpuacct', 'cpuacct.usage')), 1e-9);
  const modes = read('cpuacct', 'cpuacct.stat');
  const memoryBytes = numberOf(read('memory', 'memory.usage_in_bytes'));
  const io = read('blkio', 'blkio.throttle.io_service_bytes');
  const bytes = (word: string) =>
    io === null ? null : [...io.matchAll(new RegExp(`^\\S+ ${word} (\\d+)`, 'gm'))].reduce(add, 0);
  return {
    path,
    id,
    cpuSeconds:
      total === null
        ? null
        : { total, user: scale(field(modes, 'user'), 0.01), system: scale(field(modes, 'system'), 0.01) },
    throttledPeriods: field(read('cpu', 'cpu.stat'), 'nr_throttled'),
    memoryBytes,
    workingSetBytes: without(memoryBytes, field(read('memory', 'memory.stat'), 'total_inactive_file')),
    memoryLimitBytes: limitOf(read('memory', 'memory.limit_in_bytes')),
    outOfMemoryKills: field(read('memory', 'memory.oom_control'), 'oom_kill'),
    readBytes: bytes('Read'),
    writtenBytes: bytes('Write'),
    processes: numberOf(read('pids', 'pids.current')),
  };
}

function add(sum: number, [, digits]: RegExpExecArray): number {
  return sum + Number(digits);
}

/** `8:0 rbytes=1 wbytes=2 …`, one line per disk. */
function ioBytes(text: string | null): Pick<ContainerUse, 'readBytes' | 'writtenBytes'> {
  if (text === null) return { readBytes: null, writtenBytes: null };
  return {
    readBytes: [...text.matchAll(/ rbytes=(\d+)/g)].reduce(add, 0),
    writtenBytes: [...text.matchAll(/ wbytes=(\d+)/g)].reduce(add, 0),
  };
}

function field(text: string | null, word: string): number | null {
  const digits = text === null ? undefined : new RegExp(`^${word} (\\d+)$`, 'm').exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

function scale(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

function without(whole: number | null, part: number | null): number | null {
  return whole === null ? null : Math.max(0, whole - (part ?? 0));
}

/** No limit is `max`, or a number near the end of what 64 bits hold. */
function limitOf(text: string | null): number | null {
  const value = numberOf(text);
  return value === null || value > 2 ** 60 ? null : value;
}

/** What a container's manager calls it. */
export interface ContainerName {
  readonly name: string;
  readonly image: string;
}

/** cAdvisor's series. @param names by id; a container that nobody names has the beginning of its id */
export function emitContainers(
  containers: readonly ContainerUse[],
  names: ReadonlyMap<string, ContainerName>,
  emit: Emit,
): void {
  for (const container of containers) {
    const { name = shortId(container.id), image = '' } = names.get(container.id) ?? {};
    const labels = ['id', container.path, 'image', image, 'name', name];
    const give = (series: string, value: number | null | undefined) => {
      if (value !== null && value !== undefined) emit(series, labels, value);
    };
    give('container_cpu_usage_seconds_total', container.cpuSeconds?.total);
    give('container_cpu_user_seconds_total', container.cpuSeconds?.user);
    give('container_cpu_system_seconds_total', container.cpuSeconds?.system);
    give('container_cpu_cfs_throttled_periods_total', container.throttledPeriods);
    give('container_memory_usage_bytes', container.memoryBytes);
    give('container_memory_working_set_bytes', container.workingSetBytes);
    give('container_spec_memory_limit_bytes', container.memoryLimitBytes);
    give('container_oom_events_total', container.outOfMemoryKills);
    give('container_fs_reads_bytes_total', container.readBytes);
    give('container_fs_writes_bytes_total', container.writtenBytes);
    give('container_processes', container.processes);
  }
}

/** As Docker abbreviates it; a name stays whole. */
export function shortId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}
