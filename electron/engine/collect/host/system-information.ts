import type { Systeminformation } from 'systeminformation';

/**
 * The calls of the npm package `systeminformation` that are used, so that a test can answer in its place. Most of them
 * start programs: never on a hot path.
 */
export interface SystemInformation {
  cpu(): Promise<Systeminformation.CpuData>;
  osInfo(): Promise<Systeminformation.OsData>;
  mem(): Promise<Systeminformation.MemData>;
  fsSize(): Promise<Systeminformation.FsSizeData[]>;
  fsStats(): Promise<Systeminformation.FsStatsData | null>;
  networkStats(interfaces: string): Promise<Systeminformation.NetworkStatsData[]>;
  networkConnections(): Promise<Systeminformation.NetworkConnectionsData[]>;
  processes(): Promise<Systeminformation.ProcessesData>;
  graphics(): Promise<Systeminformation.GraphicsData>;
  cpuTemperature(): Promise<Systeminformation.CpuTemperatureData>;
  battery(): Promise<Systeminformation.BatteryData>;
}

/** The real package, loaded at the first use: it is large, and Linux hardly needs it. */
export async function loadSystemInformation(): Promise<SystemInformation> {
  const { default: systemInformation } = await import('systeminformation');
  return systemInformation;
}
