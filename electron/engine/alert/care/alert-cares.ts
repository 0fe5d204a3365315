import type { Clock } from '../../schedule/clock.ts';
import type { AlertCare, AlertCareTable } from '../../store/state/index.ts';

/** What people do about alerts that fire, kept over restarts and ending with the episode. */
export interface AlertCares {
  get(fingerprint: string): AlertCare;
  /** Someone looks after them: they are not repeated and not escalated any more; their end is told. */
  acknowledge(fingerprints: readonly string[], by: string, note: string): void;
  unacknowledge(fingerprints: readonly string[]): void;
  /** Hold them back until a time; then they are told again if they still fire. */
  snooze(
    fingerprints: readonly string[],
    snooze: { readonly until: number; readonly by: string; readonly note: string },
  ): void;
  unsnooze(fingerprints: readonly string[]): void;
  isSnoozed(fingerprint: string): boolean;
  /** They are to be told by a route that escalates; the first time counts. */
  notice(fingerprints: readonly string[]): void;
  /** A receiver is told because nobody acknowledged them. */
  escalate(fingerprints: readonly string[], receiver: string): void;
  /** An alert fires anew: nobody has acknowledged that yet. Who was told of it by escalation is still to be told its end. */
  begin(fingerprint: string): void;
  forget(fingerprints: readonly string[]): void;
}

export function createAlertCares({
  table,
  clock,
}: {
  readonly table: AlertCareTable;
  readonly clock: Clock;
}): AlertCares {
  const cares = new Map(table.load().map((care) => [care.fingerprint, care]));
  const get = (fingerprint: string): AlertCare => cares.get(fingerprint) ?? { fingerprint, ...NO_CARE };

  function change(fingerprints: readonly string[], step: (care: AlertCare) => AlertCare): void {
    const changed = fingerprints.map((fingerprint) => step(get(fingerprint)));
    for (const care of changed) cares.set(care.fingerprint, care);
    table.put(changed);
  }

  return {
    get,
    acknowledge(fingerprints, by, note) {
      const at = clock.now();
      change(fingerprints, (care) => ({ ...care, acknowledged: { at, by, note }, snoozed: null }));
    },
    unacknowledge(fingerprints) {
      // Nobody looks after it from now on, so that the time until it is escalated runs anew.
      change(fingerprints, (care) => ({
        ...care,
        acknowledged: null,
        noticedAt: care.noticedAt === null ? null : clock.now(),
      }));
    },
    snooze(fingerprints, { until, by, note }) {
      const at = clock.now();
      change(fingerprints, (care) => ({ ...care, snoozed: { at, by, until, note } }));
    },
    unsnooze(fingerprints) {
      const now = clock.now();
      change(fingerprints, (care) =>
        care.snoozed === null
          ? care
          : { ...care, snoozed: { ...care.snoozed, until: Math.min(care.snoozed.until, now) } },
      );
    },
    isSnoozed: (fingerprint) => (cares.get(fingerprint)?.snoozed?.until ?? 0) > clock.now(),
    notice(fingerprints) {
      const fresh = fingerprints.filter((fingerprint) => get(fingerprint).noticedAt === null);
      change(fresh, (care) => ({ ...care, noticedAt: clock.now() }));
    },
    escalate(fingerprints, receiver) {
      const at = clock.now();
      change(fingerprints, (care) => ({ ...care, escalated: [...care.escalated, { receiver, at }] }));
    },
    begin(fingerprint) {
      const care = cares.get(fingerprint);
      if (care !== undefined) change([fingerprint], () => ({ fingerprint, ...NO_CARE, escalated: care.escalated }));
    },
    forget(fingerprints) {
      const known = fingerprints.filter((fingerprint) => cares.delete(fingerprint));
      if (known.length > 0) table.remove(known);
    },
  };
}

const NO_CARE: Omit<AlertCare, 'fingerprint'> = { acknowledged: null, snoozed: null, noticedAt: null, escalated: [] };
