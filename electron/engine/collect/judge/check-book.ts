import type {
  CheckMemory,
  HistoryState,
  RememberedStanding,
  SketchSlot,
  SketchUnit,
  StateInterval,
} from './check-memory.ts';
import { SKETCH_MS } from './check-memory.ts';
import { createResponseSketch } from './response-sketch.ts';
import type { ResponseSketch } from './response-sketch.ts';

/** What a result says about the time since the result before it. */
export interface Note {
  readonly check: string;
  readonly state: HistoryState;
  readonly reason: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** When the state began, if that was before `at`: a check is down since its first failure. */
  readonly since: number | null;
  /** How long a result speaks for the time after it; longer silence is no data. */
  readonly patienceMs: number;
}

/** Keeps the history of checks: how long each was in which state, and how quickly it answered. */
export interface CheckBook {
  note(note: Note): void;
  /** A good answer took so long. */
  respond(check: string, at: number, durationMs: number): void;
  /** Where a check stands now, for the next start of the program. */
  remember(standing: RememberedStanding): void;
  /** What comes next has nothing to do with what was: the checks were paused, or the machine slept. */
  cut(check?: string): void;
  /** Write what is new. */
  flush(): void;
}

interface Slot {
  readonly slot: SketchSlot;
  readonly sketch: ResponseSketch;
  isDirty: boolean;
}

const UNITS: readonly SketchUnit[] = ['hour', 'day'];

export function createCheckBook(memory: CheckMemory): CheckBook {
  const open = new Map<string, StateInterval>();
  const dirty = new Map<string, StateInterval>();
  const slots = new Map<string, Slot>();
  let standings = new Map<string, RememberedStanding>();

  const put = (interval: StateInterval): void => {
    open.set(interval.check, interval);
    dirty.set(`${String(interval.fromMs)} ${interval.check}`, interval);
  };
  const slotOf = (check: string, unit: SketchUnit, at: number): Slot => {
    const startMs = Math.floor(at / SKETCH_MS[unit]) * SKETCH_MS[unit];
    const key = `${unit} ${check}`;
    const known = slots.get(key);
    if (known?.slot.startMs === startMs) return known;
    if (known) flushSlots([known]);
    const slot = { check, unit, startMs };
    const sketch = createResponseSketch();
    const packed = memory.sketch(slot);
    if (packed !== null) sketch.merge(packed);
    const made = { slot, sketch, isDirty: false };
    slots.set(key, made);
    return made;
  };
  const pack = (changed: readonly Slot[]): (SketchSlot & { packed: Uint8Array })[] =>
    changed.map((one) => {
      one.isDirty = false;
      return { ...one.slot, packed: one.sketch.pack() };
    });
  const flushSlots = (changed: readonly Slot[]): void => {
    memory.save({ intervals: [], sketches: pack(changed.filter(({ isDirty }) => isDirty)), standings: [] });
  };

  return {
    note({ check, state, reason, at, since, patienceMs }) {
      const last = open.get(check);
      if (last === undefined || at - last.untilMs > patienceMs || at < last.untilMs) {
        put({ check, state, reason, fromMs: at, untilMs: at });
        return;
      }
      if (last.state === state) {
        put({ ...last, untilMs: at });
        return;
      }
      // A maintenance is no part of what comes after it.
      const earliest = last.state === 'maintenance' ? at : last.fromMs;
      const beganAt = Math.min(at, Math.max(earliest, since ?? at));
      // What lasted no time at all gives its place to what began at the same moment.
      if (beganAt > last.fromMs) put({ ...last, untilMs: beganAt });
      put({ check, state, reason, fromMs: beganAt, untilMs: at });
    },
    respond(check, at, durationMs) {
      for (const unit of UNITS) {
        const slot = slotOf(check, unit, at);
        slot.sketch.add(durationMs);
        slot.isDirty = true;
      }
    },
    remember(standing) {
      standings.set(standing.check, standing);
    },
    cut(check) {
      if (check === undefined) open.clear();
      else open.delete(check);
    },
    flush() {
      const sketches = pack([...slots.values()].filter(({ isDirty }) => isDirty));
      if (dirty.size + sketches.length + standings.size === 0) return;
      memory.save({ intervals: [...dirty.values()], sketches, standings: [...standings.values()] });
      dirty.clear();
      standings = new Map();
    },
  };
}
