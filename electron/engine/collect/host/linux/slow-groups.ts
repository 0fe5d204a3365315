import { machine } from 'node:os';
import { join } from 'node:path';
import { createBreather } from '../../../schedule/breather.ts';
import type { Clock } from '../../../schedule/clock.ts';
import type { Emit } from '../host-series.ts';
import type { HostGroup } from '../host-group.ts';
import { readAttribute, readAttributeNow } from '../sysfs.ts';
import {
  emitSelinux,
  missing,
  readCpuFrequencies,
  readCpuThrottles,
  readDmi,
  readEnergy,
  readGraphics,
  readMemoryErrors,
  readNvme,
} from './hardware.ts';
import { readBonds, readNetworkLinks } from './network-links.ts';
import { readPowerSupplies } from './power-supplies.ts';
import { emitRaidArrays, parseRaidArrays } from './raid-arrays.ts';
import {
  emitHardwareSensors,
  emitThermalZones,
  hottestCelsius,
  readCoolingDevices,
  readHardwareSensors,
  readThermalZones,
} from './sensors.ts';
import { readTimeZone } from './time-zone.ts';

/** Groups whose files are answered by drivers and may be slow: read asynchronously, at a slow pace. */
export function slowLinuxGroups(root: string): HostGroup[] {
  const sys = join(root, 'sys');
  return [
    {
      collector: 'hwmon',
      async read(emit, reading) {
        const sensors = await readHardwareSensors(sys);
        emitHardwareSensors(sensors, emit);
        const celsius = sensors.flatMap((each) => (each.kind === 'temp' ? (each.elements.get('input') ?? []) : []));
        reading.temperatureMaxCelsius = hottestCelsius([
          ...celsius.map((value) => value / 1000),
          ...knownTemperature(reading),
        ]);
      },
    },
    {
      collector: 'thermal_zone',
      async read(emit, reading) {
        const zones = await readThermalZones(sys);
        emitThermalZones(zones, emit);
        await readCoolingDevices(sys, emit);
        const celsius = zones.map((each) => each.celsius);
        reading.temperatureMaxCelsius = hottestCelsius([...celsius, ...knownTemperature(reading)]);
      },
    },
    { collector: 'powersupplyclass', read: (emit) => readPowerSupplies(join(sys, 'class/power_supply'), emit) },
    { collector: 'rapl', mayBeMissing: true, read: (emit) => readEnergy(join(sys, 'class/powercap'), emit) },
    { collector: 'drm', mayBeMissing: true, read: (emit) => readGraphics(join(sys, 'class/drm'), emit) },
    {
      collector: 'mdadm',
      mayBeMissing: true,
      async read(emit) {
        const text = await readAttribute(join(root, 'proc/mdstat'));
        if (text === null) throw missing('proc/mdstat');
        emitRaidArrays(parseRaidArrays(text), emit);
      },
    },
  ];
}

/** Identity, settings and states that hardly change. */
export function rareLinuxGroups(root: string, clock: Clock): HostGroup[] {
  const sys = join(root, 'sys');
  const cpus = join(sys, 'devices/system/cpu');
  return [
    {
      collector: 'netclass',
      read: (emit) => readNetworkLinks(join(sys, 'class/net'), emit, createBreather(clock)),
    },
    { collector: 'bonding', read: (emit) => readBonds(join(sys, 'class/net'), emit) },
    { collector: 'uname', read: (emit) => readKernelIdentity(join(root, 'proc/sys/kernel'), emit) },
    { collector: 'os', read: (emit) => readSystemIdentity(join(root, 'etc/os-release'), emit) },
    { collector: 'dmi', mayBeMissing: true, read: (emit) => readDmi(join(sys, 'class/dmi/id'), emit) },
    { collector: 'edac', read: (emit) => readMemoryErrors(join(sys, 'devices/system/edac/mc'), emit) },
    { collector: 'nvme', mayBeMissing: true, read: (emit) => readNvme(join(sys, 'class/nvme'), emit) },
    { collector: 'cpufreq', read: (emit) => readCpuFrequencies(cpus, emit) },
    { collector: 'thermal_throttle', read: (emit) => readCpuThrottles(cpus, emit) },
    {
      // node_exporter's `time`; the time itself is read at every sample.
      collector: 'clocksource',
      read(emit, reading) {
        emitClockSources(join(sys, 'devices/system/clocksource'), emit);
        // Local time is the clock's; getTimezoneOffset counts minutes west.
        const offsetSeconds = -60 * new Date(reading.timestampMs).getTimezoneOffset();
        const zone = readTimeZone(join(root, 'etc/localtime'), offsetSeconds);
        emit('node_time_zone_offset_seconds', ['time_zone', zone.abbreviation], zone.offsetSeconds);
        return undefined;
      },
    },
    {
      collector: 'selinux',
      read(emit) {
        emitSelinux(readAttributeNow(join(sys, 'fs/selinux/enforce')), emit);
      },
    },
  ];
}

function knownTemperature(reading: { readonly temperatureMaxCelsius: number | null }): number[] {
  return reading.temperatureMaxCelsius === null ? [] : [reading.temperatureMaxCelsius];
}

/** What the kernel takes its time from. Source: node_exporter, time_linux.go. */
function emitClockSources(directory: string, emit: Emit): void {
  // Machines have one of these; the directory is there for more.
  const device = '0';
  const read = (file: string) => readAttributeNow(join(directory, `clocksource${device}`, file))?.trim() ?? '';
  for (const clocksource of read('available_clocksource').split(' ').filter(Boolean)) {
    emit('node_time_clocksource_available_info', ['clocksource', clocksource, 'device', device], 1);
  }
  const current = read('current_clocksource');
  if (current !== '') emit('node_time_clocksource_current_info', ['clocksource', current, 'device', device], 1);
}

/** Source: node_exporter, uname_linux.go; the names are those of uname(2). */
async function readKernelIdentity(directory: string, emit: Emit): Promise<void> {
  const [domainname, nodename, release, sysname, version] = await Promise.all(
    ['domainname', 'hostname', 'osrelease', 'ostype', 'version'].map((name) => readAttribute(join(directory, name))),
  );
  const values = { domainname, machine: machine(), nodename, release, sysname, version };
  emit(
    'node_uname_info',
    Object.entries(values).flatMap(([name, value]) => [name, value ?? '']),
    1,
  );
}

/** Keys of os-release(5) that become labels. Source: node_exporter, os_release.go. */
const OS_KEYS = [
  'BUILD_ID',
  'ID',
  'ID_LIKE',
  'IMAGE_ID',
  'IMAGE_VERSION',
  'NAME',
  'PRETTY_NAME',
  'VARIANT',
  'VARIANT_ID',
  'VERSION',
  'VERSION_CODENAME',
  'VERSION_ID',
];

async function readSystemIdentity(path: string, emit: Emit): Promise<void> {
  const text = await readAttribute(path);
  if (text === null) return;
  const values = parseOsRelease(text);
  emit(
    'node_os_info',
    OS_KEYS.flatMap((key) => [key.toLowerCase(), values.get(key) ?? '']),
    1,
  );
  // The number up to the first minor version, as a value to compare with.
  const version = /^\d+(\.\d+)?/.exec(values.get('VERSION_ID') ?? '');
  const identity = ['ID', 'ID_LIKE', 'NAME'].flatMap((key) => [key.toLowerCase(), values.get(key) ?? '']);
  if (version !== null) emit('node_os_version', identity, Number(version[0]));
}

/** `NAME="Debian GNU/Linux"` and so on; a value may be bare, or quoted as in a shell. Source: os-release(5). */
export function parseOsRelease(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(.*)$/.exec(line.trim());
    if (match === null) continue;
    const [, key = '', raw = ''] = match;
    const quoted = /^(["'])(.*)\1$/.exec(raw);
    values.set(key, (quoted?.[2] ?? raw).replace(/\\(["'$`\\])/g, '$1'));
  }
  return values;
}
