import { readHardwareSensors, readThermalZones } from './linux/sensors.ts';
import { loadSystemInformation } from './system-information.ts';
import type { SystemInformation } from './system-information.ts';

/** One temperature for a list: where it is measured, and how hot it is. */
export interface Temperature {
  /** E.g. `coretemp: Package id 0`. */
  readonly title: string;
  readonly celsius: number;
  /** Where the maker says that it gets too hot; null when not told. */
  readonly criticalCelsius: number | null;
}

/** Every temperature of the machine, hottest first; empty when it has no sensors, as in most virtual machines. */
export async function readTemperatures(
  options: {
    readonly platform?: NodeJS.Platform;
    readonly root?: string;
    readonly systemInformation?: () => Promise<SystemInformation>;
  } = {},
): Promise<Temperature[]> {
  const isLinux = (options.platform ?? process.platform) === 'linux';
  const found = isLinux
    ? await linuxTemperatures(`${options.root ?? '/'}/sys`)
    : await portableTemperatures(await (options.systemInformation ?? loadSystemInformation)());
  return found.sort((a, b) => b.celsius - a.celsius);
}

async function linuxTemperatures(sys: string): Promise<Temperature[]> {
  const sensors = await readHardwareSensors(sys);
  const zones = await readThermalZones(sys);
  return [
    ...sensors.flatMap(({ kind, chip, chipName, sensor, label, elements }) => {
      const millidegrees = elements.get('input');
      if (kind !== 'temp' || millidegrees === undefined) return [];
      const critical = elements.get('crit');
      return {
        title: `${chipName ?? chip}: ${label ?? sensor}`,
        celsius: millidegrees / 1000,
        criticalCelsius: critical === undefined ? null : critical / 1000,
      };
    }),
    ...zones.map(({ zone, type, celsius }) => ({ title: `${type} (zone ${zone})`, celsius, criticalCelsius: null })),
  ];
}

async function portableTemperatures(systemInformation: SystemInformation): Promise<Temperature[]> {
  const { main, cores } = await systemInformation.cpuTemperature();
  const all = [
    { title: 'CPU', celsius: main },
    ...cores.map((celsius, core) => ({ title: `CPU core ${String(core)}`, celsius })),
  ];
  // No sensor is 0 or null, in spite of the declared type.
  return all.filter(({ celsius }) => celsius > 0).map((each) => ({ ...each, criticalCelsius: null }));
}
