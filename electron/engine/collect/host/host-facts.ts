import { arch, cpus, hostname, release, totalmem, type, uptime } from 'node:os';
import { readAttribute } from './sysfs.ts';
import { loadSystemInformation } from './system-information.ts';
import type { SystemInformation } from './system-information.ts';
import { parseOsRelease } from './linux/slow-groups.ts';
import { bootTimeSeconds } from './linux/kernel-counters.ts';
import type { Clock } from '../../schedule/clock.ts';

/** What does not change while the machine runs. An empty text is "not known". */
export interface HostFacts {
  readonly hostname: string;
  readonly platform: NodeJS.Platform;
  /** E.g. `Debian GNU/Linux 12 (bookworm)`. */
  readonly operatingSystem: string;
  /** E.g. `Linux 6.12.1`. */
  readonly kernel: string;
  readonly architecture: string;
  readonly cpuModel: string;
  /** Logical ones, as the counters count them. */
  readonly cpuCount: number;
  /** Null where the system does not tell. */
  readonly physicalCoreCount: number | null;
  readonly memoryBytes: number;
  /** Epoch milliseconds. */
  readonly bootTimeMs: number;
}

/** Read the facts, once at start. On Linux from files; elsewhere systeminformation starts programs for some of them. */
export async function readHostFacts(options: {
  readonly clock: Clock;
  readonly platform?: NodeJS.Platform;
  readonly root?: string;
  readonly systemInformation?: () => Promise<SystemInformation>;
}): Promise<HostFacts> {
  const platform = options.platform ?? process.platform;
  const root = options.root ?? '/';
  const common = {
    hostname: hostname(),
    platform,
    kernel: `${type()} ${release()}`,
    architecture: arch(),
    cpuCount: cpus().length,
    memoryBytes: totalmem(),
    bootTimeMs: Math.round(options.clock.now() / 1000 - uptime()) * 1000,
  };
  if (platform === 'linux') return { ...common, ...(await linuxFacts(root, common.bootTimeMs)) };
  const systemInformation = await (options.systemInformation ?? loadSystemInformation)();
  const [processor, system] = await Promise.all([systemInformation.cpu(), systemInformation.osInfo()]);
  return {
    ...common,
    operatingSystem: `${system.distro} ${system.release}`.trim(),
    cpuModel: `${processor.manufacturer} ${processor.brand}`.trim() || (cpus()[0]?.model ?? ''),
    physicalCoreCount: processor.physicalCores > 0 ? processor.physicalCores : null,
  };
}

async function linuxFacts(
  root: string,
  bootTimeMs: number,
): Promise<Pick<HostFacts, 'operatingSystem' | 'cpuModel' | 'physicalCoreCount' | 'bootTimeMs'>> {
  const [osRelease, cpuInfo, stat] = await Promise.all(
    ['etc/os-release', 'proc/cpuinfo', 'proc/stat'].map((path) => readAttribute(`${root}/${path}`)),
  );
  const names = parseOsRelease(osRelease ?? '');
  const bootSeconds = stat === null || stat === undefined ? null : bootTimeSeconds(stat);
  return {
    operatingSystem: names.get('PRETTY_NAME') ?? names.get('NAME') ?? 'Linux',
    ...parseCpuInfo(cpuInfo ?? ''),
    bootTimeMs: bootSeconds === null ? bootTimeMs : bootSeconds * 1000,
  };
}

/**
 * Model and physical cores from the text of /proc/cpuinfo. Many ARM machines name no model; then it is what the
 * system calls the hardware, or empty.
 */
export function parseCpuInfo(text: string): { cpuModel: string; physicalCoreCount: number | null } {
  let cpuModel = '';
  let hardware = '';
  let physical = '';
  const cores = new Set<string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const key = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (key === 'model name' && cpuModel === '') cpuModel = value;
    else if (key === 'Hardware' || key === 'Model') hardware = value;
    else if (key === 'physical id') physical = value;
    else if (key === 'core id') cores.add(`${physical}/${value}`);
  }
  return { cpuModel: cpuModel === '' ? hardware : cpuModel, physicalCoreCount: cores.size === 0 ? null : cores.size };
}
