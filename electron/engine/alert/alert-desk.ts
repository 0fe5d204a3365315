import type { Matcher } from '../../../shared/model/matcher.ts';
import type { Clock } from '../schedule/clock.ts';
import type { AuditLog, AuditVia, Silence } from '../store/state/index.ts';
import type { AlertCares } from './care/index.ts';
import {
  compileMatchers,
  type AlertStatus,
  type Dispatcher,
  type Silences,
  type WantedSilence,
} from './route/index.ts';

/** Who does something, and by what way. */
export interface Actor {
  readonly who: string;
  readonly via: AuditVia;
}

export interface AlertDeskOptions {
  readonly dispatcher: Pick<Dispatcher, 'alerts' | 'review'>;
  readonly cares: AlertCares;
  readonly silences: Silences;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly onChange: () => void;
}

/** What came of an action: the alerts that it was done to, and those that do not fire. */
export interface ActionOutcome {
  readonly done: string[];
  readonly missing: string[];
}

/** Where people act on alerts. Every action is written into the audit log. */
export interface AlertDesk {
  acknowledge(ids: readonly string[], actor: Actor, note: string): ActionOutcome;
  unacknowledge(ids: readonly string[], actor: Actor): ActionOutcome;
  snooze(ids: readonly string[], actor: Actor, until: number, note: string): ActionOutcome;
  unsnooze(ids: readonly string[], actor: Actor): ActionOutcome;
  /** The silences, with each change written down under its maker's name. */
  silencesFor(via: AuditVia, by?: string): Silences;
  /** Alerts that fire and that these matchers would hold back. */
  matching(matchers: readonly Matcher[]): AlertStatus[];
}

export function createAlertDesk(options: AlertDeskOptions): AlertDesk {
  const { dispatcher, cares, silences, audit, clock } = options;

  function act(
    ids: readonly string[],
    actor: Actor,
    action: string,
    detail: string,
    run: (fingerprints: readonly string[]) => void,
  ): ActionOutcome {
    const firing = new Map(dispatcher.alerts().flatMap((one) => (one.isFiring ? [[one.alert.fingerprint, one]] : [])));
    const done = [...new Set(ids)].filter((id) => firing.has(id));
    if (done.length > 0) {
      run(done);
      const subject = done.map((id) => nameOf(firing.get(id))).join(', ');
      audit.write({ at: clock.now(), ...actor, action, subject, alerts: done, detail });
      dispatcher.review(done);
      options.onChange();
    }
    return { done, missing: ids.filter((id) => !firing.has(id)) };
  }

  const matching = (matchers: readonly Matcher[]): AlertStatus[] => {
    const accepts = compileMatchers(matchers);
    return dispatcher.alerts().filter(({ isFiring, alert }) => isFiring && accepts(alert.labels));
  };

  function writeSilence(action: string, actor: Actor, silence: Pick<Silence, 'matchers' | 'comment' | 'endsAt'>): void {
    audit.write({
      at: clock.now(),
      ...actor,
      action,
      subject: silence.matchers.map(({ name, operator, value }) => `${name}${operator}"${value}"`).join(', '),
      alerts: matching(silence.matchers).map(({ alert }) => alert.fingerprint),
      detail: [silence.comment, new Date(silence.endsAt).toISOString()].filter((part) => part !== '').join(' · '),
    });
    dispatcher.review(null);
  }

  return {
    acknowledge: (ids, actor, note) =>
      act(ids, actor, 'acknowledge', note, (done) => {
        cares.acknowledge(done, actor.who, note);
      }),
    unacknowledge: (ids, actor) =>
      act(ids, actor, 'unacknowledge', '', (done) => {
        cares.unacknowledge(done);
      }),
    snooze: (ids, actor, until, note) =>
      act(
        ids,
        actor,
        'snooze',
        [note, new Date(until).toISOString()].filter((part) => part !== '').join(' · '),
        (done) => {
          cares.snooze(done, { until, by: actor.who, note });
        },
      ),
    unsnooze: (ids, actor) =>
      act(ids, actor, 'unsnooze', '', (done) => {
        cares.unsnooze(done);
      }),
    silencesFor: (via, by) => ({
      ...silences,
      set(wanted: WantedSilence) {
        const outcome = silences.set(wanted);
        const action = wanted.id === null ? 'silence.create' : 'silence.change';
        if (outcome.ok) writeSilence(action, { who: by ?? wanted.createdBy, via }, wanted);
        return outcome;
      },
      expire(id) {
        const outcome = silences.expire(id);
        if (outcome.ok) writeSilence('silence.expire', { who: by ?? via, via }, outcome.value);
        return outcome;
      },
    }),
    matching,
  };
}

function nameOf(status: AlertStatus | undefined): string {
  return status?.alert.labels['alertname'] ?? '';
}
