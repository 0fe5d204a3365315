import type { Clock } from '../../schedule/clock.ts';
import type { AlertEpisodes, AlertTable, StoredAlert } from '../../store/state/index.ts';
import { acceptAlert, isResolved, mergeAlert, type IncomingAlert } from './routed-alert.ts';

/** An alert that began or ended. */
export interface AlertChange {
  readonly kind: 'firing' | 'resolved';
  readonly alert: StoredAlert;
}

/** Every alert that is known, kept in the state store, and the history of their beginnings and ends. */
export interface AlertBook {
  get(fingerprint: string): StoredAlert | undefined;
  all(): StoredAlert[];
  firing(): StoredAlert[];
  /** Grows with every change, so that what was made of the alerts can be kept until then. */
  version(): number;
  /** Take posts in, in order; gives each alert as it is now known. */
  receive(incoming: readonly IncomingAlert[], resolveTimeoutMs: number): StoredAlert[];
  /** Note the end of alerts that nobody spoke of any more. */
  noteExpired(): void;
  /** Forget alerts that are over and told. */
  forget(fingerprints: readonly string[]): void;
  /** Nothing could be measured for this long: what fired is believed that much longer. */
  shift(gapMs: number): void;
}

export interface AlertBookOptions {
  readonly table: AlertTable;
  readonly episodes: AlertEpisodes;
  readonly clock: Clock;
  readonly onChange: (change: AlertChange) => void;
}

export function createAlertBook({ table, episodes, clock, onChange }: AlertBookOptions): AlertBook {
  const alerts = new Map<string, StoredAlert>();
  /** Alerts whose beginning is in the history and whose end is not. */
  const open = new Set<string>();
  /** No alert that fires ends before this. */
  let nextEndAt = 0;
  let version = 0;
  load();

  /** After a restart an alert is believed as long again as it was from its last word on; then the rules have spoken. */
  function load(): void {
    const now = clock.now();
    for (const stored of table.load()) {
      const wasFiring = stored.endsAt > stored.updatedAt;
      const alert = wasFiring
        ? { ...stored, endsAt: now + (stored.endsAt - stored.updatedAt), updatedAt: now }
        : stored;
      alerts.set(alert.fingerprint, alert);
      if (wasFiring) open.add(alert.fingerprint);
    }
  }

  /** Whether the alert begins or ends with this word of it; null where it goes on as it was. */
  function changeOf(alert: StoredAlert, now: number): AlertChange | null {
    const isOver = isResolved(alert, now);
    if (isOver === !open.has(alert.fingerprint)) return null;
    if (isOver) open.delete(alert.fingerprint);
    else open.add(alert.fingerprint);
    return { kind: isOver ? 'resolved' : 'firing', alert };
  }

  function record({ kind, alert }: AlertChange): void {
    const { fingerprint, ruleId, labels, annotations, value, startsAt, endsAt } = alert;
    if (kind === 'resolved') episodes.end(fingerprint, { at: endsAt, annotations, value });
    else episodes.begin({ fingerprint, ruleId, labels, annotations, value, firedAt: startsAt });
  }

  const all = (): StoredAlert[] => [...alerts.values()];
  return {
    get: (fingerprint) => alerts.get(fingerprint),
    all,
    version: () => version,
    firing: () => all().filter((alert) => !isResolved(alert, clock.now())),
    receive(incoming, resolveTimeoutMs) {
      const now = clock.now();
      const received = incoming.map((post) => {
        const accepted = acceptAlert(post, now, resolveTimeoutMs);
        const before = alerts.get(accepted.fingerprint);
        const alert = before === undefined ? accepted : mergeAlert(before, accepted, now);
        alerts.set(alert.fingerprint, alert);
        nextEndAt = Math.min(nextEndAt, alert.endsAt);
        return alert;
      });
      version++;
      const changes = received.flatMap((alert) => changeOf(alert, now) ?? []);
      table.apply(received, [], () => changes.forEach(record));
      changes.forEach(onChange);
      return received;
    },
    noteExpired() {
      const now = clock.now();
      if (now < nextEndAt) return;
      const believed = [...open].flatMap((fingerprint) => alerts.get(fingerprint) ?? []);
      const isOver = (alert: StoredAlert): boolean => isResolved(alert, now);
      const ended = believed.filter(isOver).map((alert) => ({ ...alert, updatedAt: now }));
      nextEndAt = believed.reduce((least, alert) => (isOver(alert) ? least : Math.min(least, alert.endsAt)), Infinity);
      if (ended.length === 0) return;
      for (const alert of ended) alerts.set(alert.fingerprint, alert);
      version++;
      const changes = ended.flatMap((alert) => changeOf(alert, now) ?? []);
      table.apply(ended, [], () => changes.forEach(record));
      changes.forEach(onChange);
    },
    forget(fingerprints) {
      if (fingerprints.length === 0) return;
      for (const fingerprint of fingerprints) alerts.delete(fingerprint);
      version++;
      table.apply([], fingerprints);
    },
    shift(gapMs) {
      version++;
      for (const fingerprint of open) {
        const alert = alerts.get(fingerprint);
        if (alert !== undefined) alerts.set(fingerprint, { ...alert, endsAt: alert.endsAt + gapMs });
      }
    },
  };
}
