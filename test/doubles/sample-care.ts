import { implement } from '@orpc/server';
import type { WireAuditEntry, WireIncident, WireSilence, WireTimelineEntry } from '../../shared/contract/alert-care.ts';
import type { Alert } from '../../shared/contract/alerts.ts';
import { contract } from '../../shared/contract/index.ts';
import type { Matcher } from '../../shared/model/matcher.ts';

const HOUR = 3_600_000;

/** What people do about the sample's alerts, kept for as long as it lives. Only `=` and `!=` match; that is what pages make. */
export function createSampleCare(alerts: () => Alert[], mustWrite: () => void) {
  const os = implement(contract);
  const acknowledged = new Map<string, { at: number; by: string; note: string } | null>();
  const snoozed = new Map<string, number>();
  const silences: WireSilence[] = [];
  const entries: WireAuditEntry[] = [];

  const cared = (): Alert[] =>
    alerts().map((alert) => {
      const { handling } = alert;
      if (handling === null) return alert;
      const until = snoozed.get(alert.id);
      const own = acknowledged.get(alert.id);
      return {
        ...alert,
        handling: {
          ...handling,
          acknowledged: own === undefined ? handling.acknowledged : own,
          snoozed: until === undefined ? null : { at: until - HOUR, by: 'kim', until, note: '' },
        },
      };
    });
  const act = (action: string, ids: readonly string[], run: (id: string) => void) => {
    mustWrite();
    const firing = new Set(cared().flatMap(({ id, state }) => (state === 'firing' ? [id] : [])));
    const done = ids.filter((id) => firing.has(id));
    for (const id of done) run(id);
    record(action, done.join(', '), done);
    return { done, missing: ids.filter((id) => !firing.has(id)) };
  };
  const record = (action: string, subject: string, ids: string[]): void => {
    const entry = { id: entries.length + 1, at: Date.now(), who: 'kim', via: 'interface' as const };
    entries.unshift({ ...entry, action, subject, alerts: ids, detail: '' });
  };
  const matching = (matchers: readonly Matcher[]): Alert[] =>
    cared().filter(
      ({ state, labels }) =>
        state === 'firing' &&
        matchers.every(({ name, operator, value }) => ((labels[name] ?? '') === value) === (operator === '=')),
    );
  const incident = (): WireIncident => {
    const members = cared().filter(({ state }) => state === 'firing');
    return {
      id: 7,
      startedAt: Math.min(Date.now(), ...members.map(({ activeAt }) => activeAt)),
      endedAt: null,
      severity: 'critical',
      members: members.map(({ id, name, severity, annotations, labels, activeAt, firedAt }) => ({
        alert: id,
        name,
        severity,
        summary: annotations['summary'] ?? '',
        labels,
        firedAt: firedAt ?? activeAt,
        resolvedAt: null,
      })),
    };
  };
  const timeline = (): WireTimelineEntry[] =>
    incident()
      .members.flatMap(({ alert, name, firedAt }): WireTimelineEntry[] => {
        const about = { alerts: [alert], subject: name };
        return [
          { at: firedAt, kind: 'fired', ...about, who: '', what: '', detail: '' },
          { at: firedAt + 2000, kind: 'notified', ...about, who: 'desk/desktop[0]', what: 'delivered', detail: '' },
          { at: firedAt + 90_000, kind: 'action', ...about, who: 'kim', what: 'acknowledge', detail: 'on it' },
        ];
      })
      .sort((a, b) => a.at - b.at);

  return {
    alerts: cared,
    actions: {
      acknowledge: os.alerts.acknowledge.handler(({ input: { ids, note } }) =>
        act('acknowledge', ids, (id) => void acknowledged.set(id, { at: Date.now(), by: 'kim', note })),
      ),
      unacknowledge: os.alerts.unacknowledge.handler(({ input: { ids } }) =>
        act('unacknowledge', ids, (id) => void acknowledged.set(id, null)),
      ),
      snooze: os.alerts.snooze.handler(({ input: { ids, until } }) =>
        act('snooze', ids, (id) => void snoozed.set(id, until)),
      ),
      unsnooze: os.alerts.unsnooze.handler(({ input: { ids } }) =>
        act('unsnooze', ids, (id) => void snoozed.delete(id)),
      ),
      routes: os.alerts.routes.handler(() => ({ receivers: ['desk'], groupKeys: ['{}:{}'] })),
    },
    calls: {
      silences: {
        list: os.silences.list.handler(() => silences),
        preview: os.silences.preview.handler(({ input: { matchers } }) =>
          matchers.some(({ value }) => value !== '')
            ? { problem: null, alerts: matching(matchers).map(({ id, name, labels }) => ({ id, name, labels })) }
            : { problem: 'at least one matcher must not match the empty string', alerts: [] },
        ),
        set: os.silences.set.handler(({ input: { matchers, endsAt, comment } }) => {
          mustWrite();
          const id = `silence-${String(silences.length + 2)}`;
          const now = Date.now();
          const held = matching(matchers).map((alert) => alert.id);
          silences.push({ id, state: 'active', matchers, startsAt: now, endsAt, updatedAt: now, createdBy: 'kim', comment, alerts: held }); // prettier-ignore
          record('silence.create', matchers.map(({ name, value }) => `${name}="${value}"`).join(', '), held);
          return { id };
        }),
        expire: os.silences.expire.handler(({ input: { id }, errors }) => {
          mustWrite();
          const at = silences.findIndex((silence) => silence.id === id);
          const found = silences[at];
          if (found === undefined) throw errors.NOT_FOUND();
          silences[at] = { ...found, state: 'expired', endsAt: Date.now(), alerts: [] };
          record('silence.expire', '', []);
          return { id };
        }),
      },
      incidents: {
        list: os.incidents.list.handler(() => (incident().members.length === 0 ? [] : [incident()])),
        get: os.incidents.get.handler(() => ({ incident: incident(), timeline: timeline() })),
      },
      audit: { list: os.audit.list.handler(() => entries) },
    },
  };
}
