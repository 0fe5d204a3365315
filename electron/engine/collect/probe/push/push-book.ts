import { createHash } from 'node:crypto';
import type { Clock, Gap } from '../../../schedule/index.ts';
import { newPushState, takeReport } from './push-state.ts';
import type { PushReport, PushState } from './push-state.ts';

/** Where the reports of jobs arrive and stay. A token is never kept: its digest is what tells jobs apart. */
export interface PushBook {
  /** Expect reports under a token; the disposer ends it, and what was reported stays known. */
  expect(tokenSha256: string): () => void;
  /** Take a report; false when no check expects the token. */
  report(token: string, report: PushReport): boolean;
  state(tokenSha256: string): PushState;
  /** Nobody could be heard for a time. */
  gap(gap: Gap): void;
  /** Remember that the program runs, so that the time when it does not is known at the next start. */
  beat(): void;
}

/** Where the book keeps its pages; the facts of state.db. */
export interface PushMemory {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

const ALIVE_KEY = 'push-alive';
/** Shorter pauses of the program are within what {@link PushBook.beat} can tell. */
const BEAT_MS = 60_000;

export function openPushBook(memory: PushMemory, clock: Clock): PushBook {
  const states = new Map<string, PushState>();
  const expected = new Map<string, number>();
  const aliveAt = Number(memory.get(ALIVE_KEY) ?? NaN);
  /** Time before this start when the program was not there to hear. */
  const missedMs = Number.isFinite(aliveAt) ? Math.max(0, clock.now() - aliveAt) : 0;
  let beatAt = -Infinity;

  const stateOf = (hash: string): PushState => {
    const known = states.get(hash) ?? load(hash);
    states.set(hash, known);
    return known;
  };
  const load = (hash: string): PushState => {
    const text = memory.get(keyOf(hash));
    const stored = text === null ? newPushState(clock.now()) : (JSON.parse(text) as PushState);
    const state = text === null ? stored : { ...stored, deafMs: stored.deafMs + missedMs };
    memory.set(keyOf(hash), JSON.stringify(state));
    return state;
  };
  const keep = (hash: string, state: PushState): void => {
    states.set(hash, state);
    memory.set(keyOf(hash), JSON.stringify(state));
  };

  const beat = (): void => {
    if (clock.monotonic() - beatAt < BEAT_MS) return;
    beatAt = clock.monotonic();
    memory.set(ALIVE_KEY, String(clock.now()));
  };

  return {
    beat,
    expect(hash) {
      expected.set(hash, (expected.get(hash) ?? 0) + 1);
      stateOf(hash);
      return () => {
        const left = (expected.get(hash) ?? 1) - 1;
        if (left > 0) expected.set(hash, left);
        else expected.delete(hash);
      };
    },
    report(token, report) {
      const hash = hashToken(token);
      if (!expected.has(hash)) return false;
      keep(hash, takeReport(stateOf(hash), report, clock.now()));
      return true;
    },
    state: stateOf,
    gap({ kind, fromMs, toMs }) {
      // A wall clock that was set moves the times that were kept by it along.
      const ms = toMs - fromMs;
      if (kind === 'sleep' && ms <= 0) return;
      for (const [hash, state] of states) keep(hash, { ...state, deafMs: state.deafMs + ms });
      // What was counted here must not be counted again at the next start.
      beatAt = -Infinity;
      beat();
    },
  };
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A part of the digest is enough to tell jobs apart, and says nothing of the token. */
function keyOf(hash: string): string {
  return `push:${hash.slice(0, 32)}`;
}
