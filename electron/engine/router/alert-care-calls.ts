import type { WireIncident, WireSilence } from '../../../shared/contract/alert-care.ts';
import type { Severity } from '../../../shared/contract/alerts.ts';
import { wireSeverity } from '../alert/alerts-view.ts';
import type { Actor } from '../alert/alert-desk.ts';
import { incidentTimeline } from '../alert/care/index.ts';
import { silenceProblem, silenceState } from '../alert/route/index.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { Incident, Silence } from '../store/state/index.ts';
import { viaOf, type Caller } from './caller.ts';
import { contractOf } from './implementer.ts';

/** What follows the end of an incident by this much still belongs to it: the message that it is over. */
const AFTERMATH_MS = 10 * 60_000;
const TIMELINE_ROWS = 5000;

export function alertCareCalls({ desk, dispatcher }: EngineParts) {
  const { alerts } = contractOf;
  return {
    acknowledge: alerts.acknowledge.handler(({ input, context }) =>
      desk.acknowledge(input.ids, actorOf(context, input.by), input.note),
    ),
    unacknowledge: alerts.unacknowledge.handler(({ input, context }) =>
      desk.unacknowledge(input.ids, actorOf(context, input.by)),
    ),
    snooze: alerts.snooze.handler(({ input, context }) =>
      desk.snooze(input.ids, actorOf(context, input.by), input.until, input.note),
    ),
    unsnooze: alerts.unsnooze.handler(({ input, context }) => desk.unsnooze(input.ids, actorOf(context, input.by))),
    routes: alerts.routes.handler(({ input: { labels } }) => ({
      receivers: dispatcher.receiversOf(labels),
      groupKeys: dispatcher.groupKeysOf(labels),
    })),
  };
}

export function silenceCalls({ desk, silences, clock }: EngineParts) {
  const { silences: calls } = contractOf;
  const wire = (silence: Silence): WireSilence => {
    const state = silenceState(silence, clock.now());
    const alerts = state === 'expired' ? [] : desk.matching(silence.matchers).map(({ alert }) => alert.fingerprint);
    return { ...silence, matchers: [...silence.matchers], state, alerts };
  };
  return {
    list: calls.list.handler(() =>
      silences
        .list()
        .map(wire)
        .sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || a.endsAt - b.endsAt),
    ),
    preview: calls.preview.handler(({ input: { matchers } }) => {
      const now = clock.now();
      const problem = silenceProblem({ matchers, startsAt: now, endsAt: now + 1 }, now);
      const alerts = problem === null ? desk.matching(matchers) : [];
      return {
        problem,
        alerts: alerts.map(({ alert: { fingerprint, labels } }) => ({
          id: fingerprint,
          name: labels['alertname'] ?? '',
          labels: { ...labels },
        })),
      };
    }),
    set: calls.set.handler(({ input, context, errors }) => {
      const { who } = actorOf(context, input.createdBy);
      const { id, matchers, startsAt, endsAt, comment } = input;
      const before = id === null ? null : silences.get(id);
      const wanted = { id, matchers, startsAt: startsAt ?? before?.startsAt ?? clock.now(), endsAt, comment };
      const outcome = desk.silencesFor(viaOf(context), who).set({ ...wanted, createdBy: who });
      if (outcome.ok) return { id: outcome.value };
      if (outcome.why === 'not-found') throw errors.NOT_FOUND({ message: outcome.message });
      throw errors.BAD_EXPRESSION({ message: outcome.message, data: { line: null, column: null } });
    }),
    expire: calls.expire.handler(({ input, context, errors }) => {
      const { who } = actorOf(context, input.by);
      const outcome = desk.silencesFor(viaOf(context), who).expire(input.id);
      if (outcome.ok) return { id: input.id };
      if (outcome.why === 'not-found') throw errors.NOT_FOUND({ message: outcome.message });
      throw errors.CONFLICT({ message: outcome.message });
    }),
  };
}

const STATES: readonly WireSilence['state'][] = ['active', 'pending', 'expired'];

export function incidentCalls({ state }: EngineParts) {
  const { incidents } = contractOf;
  return {
    list: incidents.list.handler(({ input: { from, to, limit } }) =>
      state.incidents.list({ fromMs: from, toMs: to, limit }).map(wireIncident),
    ),
    get: incidents.get.handler(({ input, errors }) => {
      const incident = state.incidents.get(input.id);
      if (incident === null) throw errors.NOT_FOUND({ message: `There is no incident ${String(input.id)}.` });
      const { startedAt, endedAt } = incident;
      const range = { fromMs: startedAt, toMs: endedAt === null ? Number.MAX_SAFE_INTEGER : endedAt + AFTERMATH_MS };
      const deliveries = state.deliveries.between({ ...range, limit: TIMELINE_ROWS });
      const actions = state.audit.list({ ...range, limit: TIMELINE_ROWS });
      const timeline = incidentTimeline(incident, deliveries, actions);
      return {
        incident: wireIncident(incident),
        timeline: timeline.map((entry) => ({ ...entry, alerts: [...entry.alerts] })),
      };
    }),
  };
}

export function auditCalls({ state }: EngineParts) {
  return {
    list: contractOf.audit.list.handler(({ input: { from, to, limit } }) =>
      state.audit.list({ fromMs: from, toMs: to, limit }).map((entry) => ({ ...entry, alerts: [...entry.alerts] })),
    ),
  };
}

const WORST_FIRST: readonly Severity[] = ['critical', 'error', 'warning', 'info'];

function wireIncident({ id, startedAt, endedAt, members }: Incident): WireIncident {
  const severities = new Set(members.map(({ labels }) => wireSeverity(labels)));
  return {
    id,
    startedAt,
    endedAt,
    severity: WORST_FIRST.find((one) => severities.has(one)) ?? 'info',
    members: members.map(({ fingerprint, labels, annotations, firedAt, resolvedAt }) => ({
      alert: fingerprint,
      name: labels['alertname'] ?? '',
      severity: wireSeverity(labels),
      summary: annotations['summary'] ?? annotations['description'] ?? '',
      labels: { ...labels },
      firedAt,
      resolvedAt,
    })),
  };
}

function actorOf(caller: Caller, by: string | undefined): Actor {
  const via = viaOf(caller);
  const name = by?.trim() ?? '';
  return { who: name === '' ? via : name, via };
}
