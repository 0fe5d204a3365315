import { randomUUID } from 'node:crypto';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { Silence, SilenceTable } from '../../store/state/index.ts';
import { compileMatchers, type LabelTest } from './match-labels.ts';

export type SilenceState = 'pending' | 'active' | 'expired';

/** A silence as someone asks for it; with an id, in place of the one that has it. */
export interface WantedSilence extends Omit<Silence, 'id' | 'updatedAt'> {
  readonly id: string | null;
}

export type SilenceRefusal = 'not-found' | 'invalid' | 'expired';
export type SilenceOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: SilenceRefusal; readonly message: string };

/** Alerts that someone does not want to hear of, kept over restarts. */
export interface Silences {
  /** All that are kept: pending, active, and expired for as long as the retention. */
  list(): readonly Silence[];
  get(id: string): Silence | null;
  /** Ids of the active silences that hold back an alert with these labels. */
  mutedBy(labels: LabelRecord): readonly string[];
  /** Make one or change one; gives the id, a new one when what it matches changed or its start had passed. */
  set(wanted: WantedSilence): SilenceOutcome<string>;
  /** End it now. */
  expire(id: string): SilenceOutcome<Silence>;
  /** Forget what expired longer ago than the retention. */
  prune(): void;
}

export interface SilencesOptions {
  readonly table: SilenceTable;
  readonly clock: Clock;
  readonly onChange: () => void;
  /** How long an expired one is kept. Source: Alertmanager, `--data.retention`. */
  readonly retentionMs?: number;
}

const RETENTION_MS = 120 * 3_600_000;

export function silenceState({ startsAt, endsAt }: Pick<Silence, 'startsAt' | 'endsAt'>, nowMs: number): SilenceState {
  return nowMs < startsAt ? 'pending' : nowMs < endsAt ? 'active' : 'expired';
}

/** Source for when a change keeps the id: Alertmanager, silence/silence.go `Set` and `canUpdate`. */
export function createSilences({ table, clock, onChange, retentionMs = RETENTION_MS }: SilencesOptions): Silences {
  const kept = new Map<string, { readonly silence: Silence; readonly accepts: LabelTest }>();
  for (const silence of table.load()) remember(silence);

  function remember(silence: Silence): void {
    kept.set(silence.id, { silence, accepts: compileMatchers(silence.matchers) });
  }

  function write(...silences: readonly Silence[]): void {
    table.put(silences);
    silences.forEach(remember);
    onChange();
  }

  function ended(silence: Silence, now: number): Silence {
    const startsAt = Math.min(silence.startsAt, now);
    return { ...silence, startsAt, endsAt: now, updatedAt: now };
  }

  const silences: Silences = {
    list: () => [...kept.values()].map(({ silence }) => silence),
    get: (id) => kept.get(id)?.silence ?? null,
    mutedBy(labels) {
      const now = clock.now();
      const ids: string[] = [];
      for (const { silence, accepts } of kept.values()) {
        if (silenceState(silence, now) === 'active' && accepts(labels)) ids.push(silence.id);
      }
      return ids.sort();
    },
    set(wanted) {
      const now = clock.now();
      const problem = silenceProblem(wanted, now);
      if (problem !== null) return { ok: false, why: 'invalid', message: problem };
      const before = wanted.id === null ? undefined : kept.get(wanted.id)?.silence;
      if (wanted.id !== null && before === undefined) {
        return { ok: false, why: 'not-found', message: `silence ${wanted.id} not found` };
      }
      if (before !== undefined && mayChange(before, wanted, now)) {
        write({ ...wanted, id: before.id, updatedAt: now });
        return { ok: true, value: before.id };
      }
      const id = randomUUID();
      const made = { ...wanted, id, startsAt: Math.max(wanted.startsAt, now), updatedAt: now };
      const isReplaced = before !== undefined && silenceState(before, now) !== 'expired';
      write(...(isReplaced ? [ended(before, now)] : []), made);
      return { ok: true, value: id };
    },
    expire(id) {
      const now = clock.now();
      const silence = silences.get(id);
      if (silence === null) return { ok: false, why: 'not-found', message: `silence ${id} not found` };
      if (silenceState(silence, now) === 'expired') {
        return { ok: false, why: 'expired', message: `silence ${id} already expired` };
      }
      const end = ended(silence, now);
      write(end);
      return { ok: true, value: end };
    },
    prune() {
      const before = clock.now() - retentionMs;
      const old = silences.list().filter(({ endsAt }) => endsAt < before);
      table.remove(old.map(({ id }) => id));
      for (const { id } of old) kept.delete(id);
    },
  };
  return silences;
}

/** Why there can be no such silence; null when there can. */
export function silenceProblem(
  { matchers, startsAt, endsAt }: Pick<WantedSilence, 'matchers' | 'startsAt' | 'endsAt'>,
  now: number,
): string | null {
  if (matchers.length === 0) return 'at least one matcher required';
  if (matchers.some(({ name }) => name === '')) return 'a matcher names no label';
  if (matchers.every((matcher) => compileMatchers([matcher])({}))) {
    return 'at least one matcher must not match the empty string';
  }
  if (startsAt >= endsAt) return 'start time must be before end time';
  return endsAt < now ? "end time can't be in the past" : null;
}

/** Whether the silence can be changed in place: it means the same alerts, and nothing that has passed is changed. */
function mayChange(before: Silence, after: WantedSilence, now: number): boolean {
  if (!sameMatchers(before.matchers, after.matchers)) return false;
  switch (silenceState(before, now)) {
    case 'active':
      return after.startsAt === before.startsAt;
    case 'pending':
      return after.startsAt >= now;
    case 'expired':
      return false;
  }
}

function sameMatchers(a: readonly Matcher[], b: readonly Matcher[]): boolean {
  const key = (matchers: readonly Matcher[]): string =>
    JSON.stringify(matchers.map(({ name, operator, value }) => [name, operator, value]).sort());
  return key(a) === key(b);
}
