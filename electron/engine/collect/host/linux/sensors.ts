import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Emit } from '../host-series.ts';
import { listDirectory, readAttribute, readNumber } from '../sysfs.ts';

/** One temperature or fan of /sys/class/hwmon. Source: the kernel's Documentation/hwmon/sysfs-interface.rst. */
export interface HardwareSensor {
  /** node_exporter's name of the chip, stable over restarts: bus and device, e.g. `platform_coretemp_0`. */
  readonly chip: string;
  /** The chip's own name, e.g. `coretemp`; null when it has none. */
  readonly chipName: string | null;
  /** E.g. `temp1`. */
  readonly sensor: string;
  readonly kind: 'temperature' | 'fan';
  /** What the driver calls it, e.g. `Package id 0`. */
  readonly label: string | null;
  /** °C or revolutions per minute. */
  readonly value: number;
  readonly maximum: number | null;
  readonly critical: number | null;
}

/** A zone of /sys/class/thermal. */
export interface ThermalZone {
  readonly zone: string;
  readonly type: string;
  readonly celsius: number;
}

/** Read every sensor; one that does not answer is left out. `sys` is the path of sysfs. */
export async function readHardwareSensors(sys: string): Promise<HardwareSensor[]> {
  const sensors: HardwareSensor[] = [];
  const hwmon = join(sys, 'class/hwmon');
  for (const entry of await listDirectory(hwmon)) {
    const directory = join(hwmon, entry);
    const chipName = await readAttribute(join(directory, 'name'));
    const chip = await nameChip(directory, chipName);
    for (const file of await listDirectory(directory)) {
      const match = /^((temp|fan)\d+)_input$/.exec(file);
      if (match === null) continue;
      const [, sensor = '', prefix = ''] = match;
      const kind = prefix === 'temp' ? 'temperature' : 'fan';
      const unit = kind === 'temperature' ? 1000 : 1;
      const read = async (attribute: string) => {
        const value = await readNumber(join(directory, `${sensor}_${attribute}`));
        return value === null ? null : value / unit;
      };
      const value = await read('input');
      if (value === null) continue;
      sensors.push({
        chip,
        chipName: chipName === null ? null : cleanName(chipName),
        sensor,
        kind,
        label: await readAttribute(join(directory, `${sensor}_label`)),
        value,
        maximum: await read('max'),
        critical: await read('crit'),
      });
    }
  }
  return sensors;
}

export async function readThermalZones(sys: string): Promise<ThermalZone[]> {
  const zones: ThermalZone[] = [];
  const thermal = join(sys, 'class/thermal');
  for (const entry of await listDirectory(thermal)) {
    if (!/^thermal_zone\d+$/.test(entry)) continue;
    const millidegrees = await readNumber(join(thermal, entry, 'temp'));
    const type = await readAttribute(join(thermal, entry, 'type'));
    if (millidegrees === null || type === null) continue;
    zones.push({ zone: entry.slice('thermal_zone'.length), type, celsius: millidegrees / 1000 });
  }
  return zones;
}

/** Source: node_exporter, hwmon_linux.go. */
export function emitHardwareSensors(sensors: readonly HardwareSensor[], emit: Emit): void {
  for (const { chip, chipName, sensor, kind, label, value, maximum, critical } of sensors) {
    const labels = ['chip', chip, 'sensor', sensor];
    if (kind === 'temperature') {
      emit('node_hwmon_temp_celsius', labels, value);
      if (maximum !== null) emit('node_hwmon_temp_max_celsius', labels, maximum);
      if (critical !== null) emit('node_hwmon_temp_crit_celsius', labels, critical);
    } else {
      emit('node_hwmon_fan_rpm', labels, value);
    }
    if (label !== null) emit('node_hwmon_sensor_label', ['chip', chip, 'label', label, 'sensor', sensor], 1);
    if (chipName !== null) emit('node_hwmon_chip_names', ['chip', chip, 'chip_name', chipName], 1);
  }
}

/** Source: node_exporter, thermal_zone_linux.go. */
export function emitThermalZones(zones: readonly ThermalZone[], emit: Emit): void {
  for (const { zone, type, celsius } of zones) {
    emit('node_thermal_zone_temp', ['type', type, 'zone', zone], celsius);
  }
}

/** Readings outside of this are a sensor that is not connected. */
const PLAUSIBLE_CELSIUS = { minimum: 0, maximum: 150 };

/** The hottest plausible temperature; null when there is none. */
export function hottestCelsius(celsius: readonly number[]): number | null {
  const plausible = celsius.filter((value) => value > PLAUSIBLE_CELSIUS.minimum && value < PLAUSIBLE_CELSIUS.maximum);
  return plausible.length === 0 ? null : Math.max(...plausible);
}

/** The numbers of hwmon directories change between starts; the path of the device behind does not. */
async function nameChip(directory: string, chipName: string | null): Promise<string> {
  try {
    const device = await realpath(join(directory, 'device'));
    const bus = cleanName(basename(dirname(device)));
    const name = cleanName(basename(device));
    if (name !== '') return bus === '' ? name : `${bus}_${name}`;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  return cleanName(chipName ?? '') || cleanName(basename(directory));
}

function cleanName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9:_]/g, '_')
    .replace(/^_+|_+$/g, '');
}
