import type { CheckStanding } from '../probe/check-state.ts';
import type { Flapping } from './flapping.ts';

/** What a stretch of time counts as. `up` and `degraded` answered, `down` did not; the rest is charged to nobody. */
export type HistoryState = 'up' | 'degraded' | 'down' | 'unreachable' | 'unknown' | 'maintenance';

/** A stretch of time in which a check was in one state. Epoch milliseconds. */
export interface StateInterval {
  readonly check: string;
  readonly state: HistoryState;
  /** Why, in words, as it was when the stretch began; null when there was nothing to say. */
  readonly reason: string | null;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Response times are kept by the hour for the last days, and by the day for as long as uptime is. */
export type SketchUnit = 'hour' | 'day';
export const SKETCH_MS: Readonly<Record<SketchUnit, number>> = { hour: 3_600_000, day: 86_400_000 };

export interface SketchSlot {
  readonly check: string;
  readonly unit: SketchUnit;
  /** When the hour or day began, UTC, in epoch milliseconds. */
  readonly startMs: number;
}

/** Where a check stood when the program ended. */
export interface RememberedStanding {
  readonly check: string;
  /** Of the definition of the check: another definition is another check. */
  readonly identity: string;
  readonly standing: CheckStanding;
  readonly flapping: Flapping;
}

/** Where what is known about checks outlives a restart. */
export interface CheckMemory {
  standings(): readonly RememberedStanding[];
  /** The packed sketch of a slot; null when there is none yet. */
  sketch(slot: SketchSlot): Uint8Array | null;
  /** Write all of it or nothing. An interval of a check replaces the one that began at the same moment. */
  save(changes: {
    readonly intervals: readonly StateInterval[];
    readonly sketches: readonly (SketchSlot & { readonly packed: Uint8Array })[];
    readonly standings: readonly RememberedStanding[];
  }): void;
}
