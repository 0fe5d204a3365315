import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { IncidentMember, IncidentTable } from '../../store/state/index.ts';

/** Gathers what fires together. */
export interface IncidentBook {
  /** An alert began to fire; it joins the incident that it belongs to, or begins one. Gives the incident's id. */
  fired(alert: FiredAlert): number;
  resolved(fingerprint: string, at: number): void;
}

export type FiredAlert = Omit<IncidentMember, 'resolvedAt'>;

/** An incident that may still grow. Its maps give, by group or by place, until when an alert of it counts. */
interface OpenIncident {
  readonly id: number;
  readonly startedAt: number;
  readonly firing: Set<string>;
  /** Group keys and fingerprints of its alerts: whoever has one of them belongs to it. */
  readonly groups: Set<string>;
  /** When an alert last fired at a place. */
  readonly places: Map<string, number>;
  endedAt: number | null;
}

/** Labels that name a place: two alerts of one place within a quarter of an hour have most likely one cause. */
const PLACE_LABELS = ['instance', 'host', 'hostname', 'node', 'service', 'pod', 'container', 'device'] as const;
const TOGETHER_MS = 15 * 60_000;
/** An alert that comes back so soon after all was well still belongs to it. */
const REOPEN_MS = 5 * 60_000;
const LOADED = 1000;

/**
 * Incidents by two rules: an alert joins the incident of an alert that is told in the same group, or of one that names the
 * same place and fired within the last 15 minutes. Where several fit, the oldest takes it. What is open is kept in memory,
 * so that a storm costs one row for each alert.
 */
export function createIncidentBook(table: IncidentTable): IncidentBook {
  const open = new Map<number, OpenIncident>();
  /** Incidents by group key, fingerprint and place; each may name several. */
  const index = new Map<string, Set<number>>();
  const own = new Map<string, number>();
  load();

  function load(): void {
    const newest = table.list({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: LOADED });
    const last = Math.max(0, ...newest.map(({ endedAt, startedAt }) => endedAt ?? startedAt));
    for (const { id, startedAt, endedAt, members } of newest.reverse()) {
      if (endedAt !== null && last - endedAt > REOPEN_MS) continue;
      const incident = begin(id, startedAt);
      incident.endedAt = endedAt;
      for (const member of members) note(incident, member, member.resolvedAt === null);
    }
  }

  function begin(id: number, startedAt: number): OpenIncident {
    const incident = { id, startedAt, firing: new Set<string>(), groups: new Set<string>(), places: new Map<string, number>(), endedAt: null }; // prettier-ignore
    open.set(id, incident);
    return incident;
  }

  function note(incident: OpenIncident, alert: FiredAlert, isFiring: boolean): void {
    for (const key of [alert.fingerprint, ...alert.groupKeys]) {
      incident.groups.add(key);
      enlist(key, incident.id);
    }
    for (const place of placesOf(alert.labels)) {
      incident.places.set(place, Math.max(alert.firedAt, incident.places.get(place) ?? 0));
      enlist(place, incident.id);
    }
    if (!isFiring) return;
    incident.firing.add(alert.fingerprint);
    own.set(alert.fingerprint, incident.id);
  }

  function enlist(key: string, id: number): void {
    const ids = index.get(key) ?? new Set();
    ids.add(id);
    index.set(key, ids);
  }

  /** The incident grows no more. */
  function drop(incident: OpenIncident): void {
    open.delete(incident.id);
    for (const key of [...incident.groups, ...incident.places.keys()]) {
      const ids = index.get(key);
      ids?.delete(incident.id);
      if (ids?.size === 0) index.delete(key);
    }
  }

  function find({ fingerprint, groupKeys, labels, firedAt }: FiredAlert): OpenIncident | null {
    const byGroup = [fingerprint, ...groupKeys].flatMap((key) => [...(index.get(key) ?? [])]);
    const byPlace = placesOf(labels).flatMap((place) =>
      [...(index.get(place) ?? [])].filter((id) => firedAt - (open.get(id)?.places.get(place) ?? 0) <= TOGETHER_MS),
    );
    let oldest: OpenIncident | null = null;
    for (const id of [...byGroup, ...byPlace]) {
      const incident = open.get(id);
      if (incident === undefined) continue;
      if (incident.endedAt !== null && firedAt - incident.endedAt > REOPEN_MS) drop(incident);
      else if (oldest === null || incident.id < oldest.id) oldest = incident;
    }
    return oldest;
  }

  return {
    fired(alert) {
      const incident = find(alert) ?? begin(table.begin(alert.firedAt), alert.firedAt);
      table.join(incident.id, { ...alert, resolvedAt: null });
      note(incident, alert, true);
      if (incident.endedAt !== null) {
        incident.endedAt = null;
        table.setEnd(incident.id, null);
      }
      return incident.id;
    },
    resolved(fingerprint, at) {
      const incident = open.get(own.get(fingerprint) ?? -1);
      own.delete(fingerprint);
      if (incident?.firing.delete(fingerprint) !== true) return;
      table.leave(incident.id, fingerprint, at);
      if (incident.firing.size > 0) return;
      incident.endedAt = Math.max(at, incident.startedAt);
      table.setEnd(incident.id, incident.endedAt);
      for (const other of open.values()) {
        if (other.endedAt !== null && at - other.endedAt > REOPEN_MS) drop(other);
      }
    },
  };
}

function placesOf(labels: LabelRecord): string[] {
  return PLACE_LABELS.flatMap((name) => ((labels[name] ?? '') === '' ? [] : [`${name}\u0000${labels[name] ?? ''}`]));
}
