import type { Described } from '../described.ts';
import type { Findings, Place } from '../problem.ts';
import type { PlainValue } from '../yaml-source.ts';

/** What the configuration knows of one kind of probe: how its entry is read, shown again, and whom it asks. */
export interface ProbeKind<Config> {
  /** Read the mapping under the key of the kind; null when it is wrong, and then `reading.findings` tells why. */
  read(value: PlainValue, reading: ProbeReading): Config | null;
  /** The mapping as the file would have it, with every default, and without secrets. */
  describe(config: Config): Described;
  target(config: Config): ProbeTarget;
  /** The same question for another target, as blackbox_exporter writes targets; null when it is none. */
  retarget?(config: Config, target: string): Config | null;
}

export interface ProbeReading {
  readonly place: Place;
  /** What relative paths start from. */
  readonly directory: string;
  readonly findings: Findings;
  /** Finds the fault of a JSON condition such as `$.status == "ok"`; null when there is none. */
  readonly checkCondition: (text: string) => { readonly message: string } | null;
}

export interface ProbeTarget {
  /** The name or address of the machine, whose probes share a limit; null where no other machine is asked. */
  readonly host: string | null;
  /** For people, and as the label `instance`: a URL, `host:port`, a unit, a path. Never with a password. */
  readonly address: string;
}
