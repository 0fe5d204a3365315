import { labelsKey, type LabelRecord, type Labels } from '../../../../shared/model/labels.ts';

/** What a rule's expression gave for one series, with its final labels and expanded annotations. */
export interface ObservedAlert {
  readonly labels: Labels;
  readonly annotations: LabelRecord;
  readonly value: number;
}

/** `inactive` is an alert that fired and is resolved; it stays for a while so that its end is surely told. */
export type AlertStage = 'pending' | 'firing' | 'inactive';

/** One alert of one rule. Times are epoch milliseconds. */
export interface ActiveAlert extends ObservedAlert {
  readonly stage: AlertStage;
  readonly activeAt: number;
  readonly firedAt: number | null;
  readonly resolvedAt: number | null;
  /** Since when the expression is silent while `keep_firing_for` holds the alert. */
  readonly keepFiringSince: number | null;
  readonly lastSentAt: number | null;
}

/** The alerts of one rule by {@link labelsKey}. */
export type AlertingState = ReadonlyMap<string, ActiveAlert>;

export interface AlertTransition {
  readonly alert: ActiveAlert;
  readonly to: 'pending' | 'firing' | 'resolved' | 'dropped';
  readonly at: number;
}

export interface AlertingRuleTimes {
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** Most alerts that may be active; 0 is no limit. */
  readonly limit: number;
}

export type AlertingStep =
  | { readonly ok: true; readonly state: AlertingState; readonly transitions: readonly AlertTransition[] }
  /** The rule failed. `state` is what remains: unchanged, or nothing when the limit was passed. */
  | { readonly ok: false; readonly state: AlertingState; readonly problem: string };

/** A resolved alert is remembered this long. Source: Prometheus, rules/alerting.go, resolvedRetention. */
export const RESOLVED_RETENTION_MS = 15 * 60_000;

/**
 * Take the alerts of a rule one evaluation further.
 *
 * Source: Prometheus, rules/alerting.go, AlertingRule.Eval.
 */
export function stepAlertingRule(
  state: AlertingState,
  observed: readonly ObservedAlert[],
  nowMs: number,
  times: AlertingRuleTimes,
): AlertingStep {
  const current = new Map<string, ObservedAlert>();
  for (const alert of observed) {
    const key = labelsKey(alert.labels);
    if (current.has(key)) {
      const problem = 'vector contains metrics with the same labelset after applying alert labels';
      return { ok: false, state, problem };
    }
    current.set(key, alert);
  }
  const next = new Map<string, ActiveAlert>();
  const transitions: AlertTransition[] = [];
  const keep = (key: string, alert: ActiveAlert, to?: AlertTransition['to']): void => {
    next.set(key, alert);
    if (to !== undefined) transitions.push({ alert, to, at: nowMs });
  };
  for (const [key, alert] of state) {
    if (current.has(key)) continue;
    const silent = silence(alert, nowMs, times);
    if (silent.alert === null) {
      if (silent.to !== undefined) transitions.push({ alert, to: silent.to, at: nowMs });
    } else keep(key, silent.alert, silent.to);
  }
  for (const [key, observation] of current) {
    const before = state.get(key);
    const isActive = before !== undefined && before.stage !== 'inactive';
    const alert = isActive ? { ...before, ...observation, keepFiringSince: null } : beginning(observation, nowMs);
    if (alert.stage === 'pending' && nowMs - alert.activeAt >= times.forMs) {
      keep(key, { ...alert, stage: 'firing', firedAt: nowMs }, 'firing');
    } else keep(key, alert, isActive ? undefined : 'pending');
  }
  const activeCount = [...next.values()].filter(({ stage }) => stage !== 'inactive').length;
  if (times.limit > 0 && activeCount > times.limit) {
    const problem = `exceeded limit of ${String(times.limit)} with ${String(activeCount)} alerts`;
    return { ok: false, state: new Map(), problem };
  }
  return { ok: true, state: next, transitions };
}

function beginning(observation: ObservedAlert, nowMs: number): ActiveAlert {
  return {
    labels: observation.labels,
    annotations: observation.annotations,
    value: observation.value,
    stage: 'pending',
    activeAt: nowMs,
    firedAt: null,
    resolvedAt: null,
    keepFiringSince: null,
    lastSentAt: null,
  };
}

/** The expression no longer gives this alert. */
function silence(
  alert: ActiveAlert,
  nowMs: number,
  times: AlertingRuleTimes,
): { alert: ActiveAlert | null; to?: AlertTransition['to'] } {
  switch (alert.stage) {
    case 'pending':
      return { alert: null, to: 'dropped' };
    case 'inactive':
      return { alert: nowMs - (alert.resolvedAt ?? nowMs) > RESOLVED_RETENTION_MS ? null : alert };
    case 'firing': {
      const since = alert.keepFiringSince ?? nowMs;
      if (times.keepFiringForMs > 0 && nowMs - since < times.keepFiringForMs) {
        return { alert: { ...alert, keepFiringSince: since } };
      }
      return { alert: { ...alert, stage: 'inactive', resolvedAt: nowMs, keepFiringSince: null }, to: 'resolved' };
    }
  }
}

/** Time in which nothing was measured does not count: what waits starts that much later. */
export function shiftWaiting(state: AlertingState, gapMs: number): AlertingState {
  return new Map(
    [...state].map(([key, alert]) => {
      if (alert.stage === 'pending') return [key, { ...alert, activeAt: alert.activeAt + gapMs }];
      if (alert.keepFiringSince === null) return [key, alert];
      return [key, { ...alert, keepFiringSince: alert.keepFiringSince + gapMs }];
    }),
  );
}
