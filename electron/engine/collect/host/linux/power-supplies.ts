import { join } from 'node:path';
import type { Emit } from '../host-series.ts';
import { listDirectory, readAttribute } from '../sysfs.ts';

/** Attribute of a supply, its series without `node_power_supply_`, and by what its number is divided. */
type Attribute = readonly [attribute: string, series: string, divisor: number];

const MICRO = 1e6;
/** Tenths of a degree. */
const DECI = 10;

/** Source: node_exporter, powersupplyclass_linux.go; the kernel's Documentation/ABI/testing/sysfs-class-power. */
const ATTRIBUTES: readonly Attribute[] = [
  ...['authentic', 'calibrate', 'capacity', 'online', 'present'].map((name): Attribute => [name, name, 1]),
  ['capacity_alert_max', 'capacity_alert_max', 1],
  ['capacity_alert_min', 'capacity_alert_min', 1],
  ['cycle_count', 'cyclecount', 1],
  ['time_to_empty_now', 'time_to_empty_seconds', 1],
  ['time_to_full_now', 'time_to_full_seconds', 1],
  ['current_now', 'current_ampere', MICRO],
  ['energy_now', 'energy_watthour', MICRO],
  ['voltage_now', 'voltage_volt', MICRO],
  ['charge_now', 'charge_ampere', MICRO],
  ['power_now', 'power_watt', MICRO],
  ...[
    'current_boot',
    'current_max',
    'energy_empty',
    'energy_empty_design',
    'energy_full',
    'energy_full_design',
    'voltage_boot',
    'voltage_max',
    'voltage_max_design',
    'voltage_min',
    'voltage_min_design',
    'voltage_ocv',
    'charge_control_limit',
    'charge_control_limit_max',
    'charge_counter',
    'charge_empty',
    'charge_empty_design',
    'charge_full',
    'charge_full_design',
    'charge_term_current',
    'constant_charge_current',
    'constant_charge_current_max',
    'constant_charge_voltage',
    'constant_charge_voltage_max',
    'precharge_current',
    'input_current_limit',
  ].map((name): Attribute => [name, name, MICRO]),
  ...[
    'temp',
    'temp_alert_max',
    'temp_alert_min',
    'temp_ambient',
    'temp_ambient_max',
    'temp_ambient_min',
    'temp_max',
    'temp_min',
  ].map((name): Attribute => [name, `${name}_celsius`, DECI]),
];

const TEXTS = [
  'capacity_level',
  'charge_type',
  'health',
  'manufacturer',
  'model_name',
  'serial_number',
  'status',
  'technology',
  'type',
  'usb_type',
  'scope',
];

/** Batteries and mains. Only attributes that the supply has are read: each read may ask its controller. */
export async function readPowerSupplies(directory: string, emit: Emit): Promise<void> {
  for (const supply of await listDirectory(directory)) {
    const present = new Set(await listDirectory(join(directory, supply)));
    const labels = ['power_supply', supply];
    const info: string[] = [];
    for (const name of TEXTS) {
      const text = present.has(name) ? await readAttribute(join(directory, supply, name)) : null;
      info.push(name, text ?? '');
    }
    emit('node_power_supply_info', [...labels, ...info], 1);
    for (const [attribute, series, divisor] of ATTRIBUTES) {
      if (!present.has(attribute)) continue;
      const text = await readAttribute(join(directory, supply, attribute));
      if (text !== null && /^-?\d+$/.test(text)) {
        emit(`node_power_supply_${series}`, labels, Number(text) / divisor);
      }
    }
  }
}
