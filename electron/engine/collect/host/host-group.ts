import type { Emit } from './host-series.ts';
import type { RawReading } from './raw-reading.ts';

/**
 * One group of host series, named like node_exporter's collector. `read` emits its series and leaves in `reading` what
 * the summary needs. A source that cannot be read throws the system error; the other groups go on.
 */
export interface HostGroup {
  readonly collector: string;
  /** Many machines do not have the source: that it is not there is no warning, but still no success. */
  readonly mayBeMissing?: boolean;
  read(emit: Emit, reading: RawReading): Promise<void> | undefined;
}

/** The groups of one platform. */
export interface HostGroups {
  /** Cheap, at every sample. */
  readonly frequent: readonly HostGroup[];
  /** Sensors, connections, containers, whatever starts a program: at a slow pace. */
  readonly slow: readonly HostGroup[];
  /** Identity and settings, which hardly change; often enough that a query finds them. */
  readonly rare: readonly HostGroup[];
  close(): void;
}
