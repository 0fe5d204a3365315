import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { Incident, IncidentMember, IncidentTable } from '../../store/state/index.ts';

/** Gathers what fires together. */
export interface IncidentBook {
  /** An alert began to fire; it joins the incident that it belongs to, or begins one. Gives the incident's id. */
  fired(alert: FiredAlert): number;
  resolved(fingerprint: string, at: number): void;
}

export type FiredAlert = Omit<IncidentMember, 'resolvedAt'>;

/** Labels that name a place: two alerts of one place within a quarter of an hour have most likely one cause. */
const PLACE_LABELS = ['instance', 'host', 'hostname', 'node', 'service', 'pod', 'container', 'device'] as const;
const TOGETHER_MS = 15 * 60_000;
/** An alert that comes back so soon after all was well still belongs to it. */
const REOPEN_MS = 5 * 60_000;
const LOOKED_AT = 200;

/**
 * Incidents by two rules: an alert joins the incident of an alert that is told in the same group, or of one that names the
 * same place and fired within the last 15 minutes. Where several fit, the oldest takes it.
 */
export function createIncidentBook(table: IncidentTable): IncidentBook {
  /** Incidents that may still grow. */
  const openAt = (at: number): Incident[] =>
    table
      .list({ fromMs: at - REOPEN_MS, toMs: Number.MAX_SAFE_INTEGER, limit: LOOKED_AT })
      .filter(({ endedAt }) => endedAt === null || at - endedAt <= REOPEN_MS)
      .reverse();

  return {
    fired(alert) {
      const fitting = openAt(alert.firedAt).find(({ members }) => members.some((member) => belongs(alert, member)));
      const id = fitting?.id ?? table.begin(alert.firedAt);
      table.join(id, { ...alert, resolvedAt: null });
      if (fitting !== undefined && fitting.endedAt !== null) table.setEnd(id, null);
      return id;
    },
    resolved(fingerprint, at) {
      for (const incident of openAt(at)) {
        const own = incident.members.filter((member) => member.fingerprint === fingerprint);
        if (!own.some((member) => member.resolvedAt === null)) continue;
        table.leave(incident.id, fingerprint, at);
        const isOver = incident.members.every(
          (member) => member.resolvedAt !== null || member.fingerprint === fingerprint,
        );
        if (isOver) table.setEnd(incident.id, Math.max(at, incident.startedAt));
      }
    },
  };
}

function belongs(alert: FiredAlert, member: IncidentMember): boolean {
  const isRecent = member.resolvedAt === null || alert.firedAt - member.resolvedAt <= REOPEN_MS;
  if (!isRecent) return false;
  if (member.fingerprint === alert.fingerprint) return true;
  if (alert.groupKeys.some((key) => member.groupKeys.includes(key))) return true;
  return Math.abs(alert.firedAt - member.firedAt) <= TOGETHER_MS && sharePlace(alert.labels, member.labels);
}

function sharePlace(a: LabelRecord, b: LabelRecord): boolean {
  return PLACE_LABELS.some((name) => (a[name] ?? '') !== '' && a[name] === b[name]);
}
