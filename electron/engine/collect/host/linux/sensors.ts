import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Emit } from '../host-series.ts';
import { listDirectory, readAttribute, readNumber } from '../sysfs.ts';

/** One sensor of /sys/class/hwmon. Source: the kernel's Documentation/hwmon/sysfs-interface.rst. */
export interface HardwareSensor {
  /** node_exporter's name of the chip, stable over restarts: bus and device, e.g. `platform_coretemp_0`. */
  readonly chip: string;
  /** The chip's own name, e.g. `coretemp`; null when it has none. */
  readonly chipName: string | null;
  /** E.g. `temp1`. */
  readonly sensor: string;
  readonly kind: SensorKind;
  /** What the driver calls it, e.g. `Package id 0`. */
  readonly label: string | null;
  /** Its numbers as the files give them, by what follows the sensor's name: `input`, `max`, `crit_alarm`, … or ''. */
  readonly elements: ReadonlyMap<string, number>;
}

const SENSOR_FILE =
  /^((vrm|beep_enable|update_interval|in|cpu|fan|pwm|temp|curr|power|energy|humidity|intrusion|freq)(\d*))(?:_(.+))?$/;
type SensorKind =
  | 'vrm'
  | 'beep_enable'
  | 'update_interval'
  | 'in'
  | 'cpu'
  | 'fan'
  | 'pwm'
  | 'temp'
  | 'curr'
  | 'power'
  | 'energy'
  | 'humidity'
  | 'intrusion'
  | 'freq';

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
    const found = new Map<string, { kind: SensorKind; label: string | null; elements: Map<string, number> }>();
    for (const file of await listDirectory(directory)) {
      const match = SENSOR_FILE.exec(file);
      if (match === null) continue;
      const [, , kind = '', number = '', element = ''] = match;
      const text = await readAttribute(join(directory, file));
      if (text === null) continue;
      const name = `${kind}${number === '' ? '0' : number}`;
      const sensor = found.get(name) ?? { kind: kind as SensorKind, label: null, elements: new Map<string, number>() };
      found.set(name, sensor);
      if (element === 'label') sensor.label = text;
      else if (/^-?\d+(\.\d+)?$/.test(text)) sensor.elements.set(element, Number(text));
    }
    const cleaned = chipName === null ? null : cleanName(chipName);
    for (const [sensor, rest] of found) sensors.push({ chip, chipName: cleaned, sensor, ...rest });
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
  for (const { chip, chipName, sensor, kind, label, elements } of sensors) {
    const labels = ['chip', chip, 'sensor', sensor];
    for (const [element, value] of elements) {
      const { suffix, unit } = seriesOf(kind, element, elements);
      emit(`node_hwmon_${suffix}`, labels, value * unit);
    }
    if (label !== null) emit('node_hwmon_sensor_label', ['chip', chip, 'label', label, 'sensor', sensor], 1);
    if (chipName !== null) emit('node_hwmon_chip_names', ['chip', chip, 'chip_name', chipName], 1);
  }
}

const MILLI = 0.001;
const MICRO = 0.000_001;
const WHOLE: Readonly<Record<string, { readonly suffix: string; readonly unit: number }>> = {
  beep_enable: { suffix: 'beep_enabled', unit: 1 },
  vrm: { suffix: 'voltage_regulator_version', unit: 1 },
  update_interval: { suffix: 'update_interval_seconds', unit: MILLI },
};

/** The end of the series' name, and what one unit of the file is. */
function seriesOf(
  kind: SensorKind,
  element: string,
  elements: ReadonlyMap<string, number>,
): { readonly suffix: string; readonly unit: number } {
  const whole = WHOLE[kind];
  if (whole !== undefined) return whole;
  // `input` is the value itself, unless a file without an element is.
  const isValue = element === '' || (element === 'input' && !elements.has(''));
  const name = isValue ? kind : `${kind}_${cleanName(element)}`;
  if (element === 'fault' || element === 'alarm') return { suffix: name, unit: 1 };
  if (element === 'beep') return { suffix: `${name}_enabled`, unit: 1 };
  switch (kind) {
    case 'in':
    case 'cpu':
      return { suffix: `${name}_volts`, unit: MILLI };
    case 'temp':
      return element === 'type' ? { suffix: name, unit: 1 } : { suffix: `${name}_celsius`, unit: MILLI };
    case 'curr':
      return { suffix: `${name}_amps`, unit: MILLI };
    case 'energy':
      return { suffix: `${name}_joule_total`, unit: MICRO };
    case 'power':
      if (element === 'accuracy') return { suffix: name, unit: MICRO };
      if (element.startsWith('average_interval')) return { suffix: `${name}_seconds`, unit: MILLI };
      return { suffix: `${name}_watt`, unit: MICRO };
    case 'humidity':
      return { suffix: name, unit: MICRO };
    case 'fan':
      return { suffix: /^(input|min|max|target)$/.test(element) ? `${name}_rpm` : name, unit: 1 };
    case 'freq':
      return element === 'input' ? { suffix: `${name}_freq_mhz`, unit: MICRO } : { suffix: name, unit: 1 };
    default:
      return { suffix: name, unit: 1 };
  }
}

/** Source: node_exporter, thermal_zone_linux.go. */
export function emitThermalZones(zones: readonly ThermalZone[], emit: Emit): void {
  for (const { zone, type, celsius } of zones) {
    emit('node_thermal_zone_temp', ['type', type, 'zone', zone], celsius);
  }
}

/** Fans and throttles that thermal zones drive. Source: node_exporter, thermal_zone_linux.go. */
export async function readCoolingDevices(sys: string, emit: Emit): Promise<void> {
  const thermal = join(sys, 'class/thermal');
  for (const entry of await listDirectory(thermal)) {
    const name = /^cooling_device(\d+)$/.exec(entry)?.[1];
    if (name === undefined) continue;
    const type = (await readAttribute(join(thermal, entry, 'type'))) ?? '';
    for (const state of ['cur_state', 'max_state']) {
      const value = await readNumber(join(thermal, entry, state));
      if (value !== null) emit(`node_cooling_device_${state}`, ['name', name, 'type', type], value);
    }
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
