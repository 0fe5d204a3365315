import { machine } from 'node:os';
import { join } from 'node:path';
import type { Emit } from '../host-series.ts';
import type { HostGroup } from '../host-group.ts';
import { listDirectory, readAttribute, readNumber } from '../sysfs.ts';
import {
  emitHardwareSensors,
  emitThermalZones,
  hottestCelsius,
  readHardwareSensors,
  readThermalZones,
} from './sensors.ts';

/** Groups whose files are answered by drivers and may be slow: read asynchronously, at a slow pace. */
export function slowLinuxGroups(root: string): HostGroup[] {
  const sys = join(root, 'sys');
  return [
    {
      collector: 'hwmon',
      async read(emit, reading) {
        const sensors = await readHardwareSensors(sys);
        emitHardwareSensors(sensors, emit);
        const celsius = sensors.filter((each) => each.kind === 'temperature').map((each) => each.value);
        reading.temperatureMaxCelsius = hottestCelsius([...celsius, ...knownTemperature(reading)]);
      },
    },
    {
      collector: 'thermal_zone',
      async read(emit, reading) {
        const zones = await readThermalZones(sys);
        emitThermalZones(zones, emit);
        const celsius = zones.map((each) => each.celsius);
        reading.temperatureMaxCelsius = hottestCelsius([...celsius, ...knownTemperature(reading)]);
      },
    },
    { collector: 'powersupplyclass', read: (emit) => readPowerSupplies(join(sys, 'class/power_supply'), emit) },
    { collector: 'netclass', read: (emit) => readNetworkLinks(join(sys, 'class/net'), emit) },
    { collector: 'uname', read: (emit) => readKernelIdentity(join(root, 'proc/sys/kernel'), emit) },
    { collector: 'os', read: (emit) => readSystemIdentity(join(root, 'etc/os-release'), emit) },
  ];
}

function knownTemperature(reading: { readonly temperatureMaxCelsius: number | null }): number[] {
  return reading.temperatureMaxCelsius === null ? [] : [reading.temperatureMaxCelsius];
}

/** Batteries and mains. Source: node_exporter, powersupplyclass.go; Documentation/ABI/testing/sysfs-class-power. */
async function readPowerSupplies(directory: string, emit: Emit): Promise<void> {
  for (const supply of await listDirectory(directory)) {
    const labels = ['power_supply', supply];
    const [type, status, capacity, online] = await Promise.all([
      readAttribute(join(directory, supply, 'type')),
      readAttribute(join(directory, supply, 'status')),
      readNumber(join(directory, supply, 'capacity')),
      readNumber(join(directory, supply, 'online')),
    ]);
    emit('node_power_supply_info', [...labels, 'status', status ?? '', 'type', type ?? ''], 1);
    if (capacity !== null) emit('node_power_supply_capacity', labels, capacity);
    if (online !== null) emit('node_power_supply_online', labels, online);
  }
}

/** A device without a known speed says -1. */
const BYTES_PER_MEGABIT = 125_000;

/** State and speed of network devices. Source: node_exporter, netclass_linux.go. */
async function readNetworkLinks(directory: string, emit: Emit): Promise<void> {
  for (const device of await listDirectory(directory)) {
    const [operstate, address, speedMegabits] = await Promise.all([
      readAttribute(join(directory, device, 'operstate')),
      readAttribute(join(directory, device, 'address')),
      readNumber(join(directory, device, 'speed')),
    ]);
    // Files like bonding_masters lie between the devices.
    if (operstate === null) continue;
    emit('node_network_up', ['device', device], operstate === 'up' ? 1 : 0);
    emit('node_network_info', ['address', address ?? '', 'device', device, 'operstate', operstate], 1);
    if (speedMegabits !== null && speedMegabits >= 0)
      emit('node_network_speed_bytes', ['device', device], speedMegabits * BYTES_PER_MEGABIT);
  }
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
