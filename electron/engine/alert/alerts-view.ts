import type { Handling } from '../../../shared/contract/alert-care.ts';
import type { Alert, Rule, RuleGroup, Severity } from '../../../shared/contract/alerts.ts';
import { encodeValue } from '../../../shared/model/wire-value.ts';
import type { LabelRecord } from '../../../shared/model/labels.ts';
import { severityOf } from './notify/index.ts';
import { fingerprint } from './route/index.ts';
import type { AlertStatus as RoutedStatus } from './route/index.ts';
import type { AlertStatus, RuleGroupStatus, RuleStatus } from './rules/index.ts';
import type { AlertEpisode } from '../store/state/index.ts';

const RANK: Readonly<Record<Severity, number>> = { critical: 0, error: 1, warning: 2, info: 3 };

/** Four severities for people; an alert that names none is a warning, since somebody wanted to be told. */
export function wireSeverity(labels: LabelRecord): Severity {
  const severity = severityOf(labels);
  return severity === 'alert' ? 'warning' : severity;
}

/** What the list of alerts is made of. */
export interface AlertSources {
  readonly groups: readonly RuleGroupStatus[];
  readonly externalLabels: LabelRecord;
  /** What is routed: the alerts of rules, and those that other programs post. */
  readonly routed: readonly RoutedStatus[];
  readonly handlingOf: (status: RoutedStatus) => Handling;
}

/** The alerts that wait or fire, of rules and of whoever posts them, the worst and oldest first. */
export function activeAlerts({ groups, externalLabels, routed, handlingOf }: AlertSources): Alert[] {
  const firing = new Map(routed.flatMap((one) => (one.isFiring ? [[one.alert.fingerprint, one]] : [])));
  const ofRules = groups
    .flatMap((group) => group.rules)
    .flatMap((rule) =>
      rule.kind === 'alerting' ? rule.alerts.map((alert) => activeAlert(rule, alert, externalLabels)) : [],
    )
    .map((alert): Alert => {
      const status = alert.state === 'firing' ? firing.get(alert.id) : undefined;
      return status === undefined ? alert : { ...alert, handling: handlingOf(status) };
    });
  const known = new Set(ofRules.map(({ id }) => id));
  // The rules have the last word on their own alerts: what they no longer hold is over in a moment.
  const posted = [...firing.values()].filter(({ alert }) => alert.ruleId === '' && !known.has(alert.fingerprint));
  return [...ofRules, ...posted.map((status) => postedAlert(status, handlingOf(status)))].sort(
    (a, b) =>
      Number(a.state === 'pending') - Number(b.state === 'pending') ||
      RANK[a.severity] - RANK[b.severity] ||
      a.activeAt - b.activeAt,
  );
}

/** An alert that another program posted; it has no rule here, and no value. */
function postedAlert({ alert }: RoutedStatus, handling: Handling): Alert {
  return {
    id: alert.fingerprint,
    name: alert.labels['alertname'] ?? '',
    state: 'firing',
    severity: wireSeverity(alert.labels),
    labels: { ...alert.labels },
    annotations: { ...alert.annotations },
    value: alert.value === null ? null : encodeValue(alert.value),
    expr: '',
    activeAt: alert.startsAt,
    firedAt: alert.startsAt,
    resolvedAt: null,
    handling,
  };
}

function activeAlert(rule: RuleStatus, alert: AlertStatus, externalLabels: LabelRecord): Alert {
  return {
    // The identity under which it is notified, so that a popup and a link find it.
    id: fingerprint({ ...externalLabels, ...alert.labels }),
    name: alert.labels['alertname'] ?? rule.name,
    state: alert.state,
    severity: wireSeverity(alert.labels),
    labels: { ...alert.labels },
    annotations: { ...alert.annotations },
    value: encodeValue(alert.value),
    expr: rule.query,
    activeAt: alert.activeAt,
    firedAt: alert.firedAt,
    resolvedAt: null,
    handling: null,
  };
}

/** What fired in the past, as it was recorded. */
export function pastAlert(episode: AlertEpisode, groups: readonly RuleGroupStatus[]): Alert {
  const rule = groups.flatMap((group) => group.rules).find((one) => one.id === episode.ruleId);
  return {
    id: episode.fingerprint,
    name: episode.labels['alertname'] ?? '',
    state: episode.resolvedAt === null ? 'firing' : 'resolved',
    severity: wireSeverity(episode.labels),
    labels: { ...episode.labels },
    annotations: { ...episode.annotations },
    value: episode.value === null ? null : encodeValue(episode.value),
    expr: rule?.query ?? '',
    activeAt: episode.firedAt,
    firedAt: episode.firedAt,
    resolvedAt: episode.resolvedAt,
    handling: null,
  };
}

export function wireGroup(group: RuleGroupStatus): RuleGroup {
  return { name: group.name, file: group.file, intervalMs: group.intervalMs, rules: group.rules.map(wireRule) };
}

function wireRule(rule: RuleStatus): Rule {
  return {
    id: rule.id,
    kind: rule.kind,
    name: rule.name,
    expr: rule.query,
    forMs: rule.kind === 'alerting' ? rule.forMs : 0,
    labels: { ...rule.labels },
    annotations: rule.kind === 'alerting' ? { ...rule.annotations } : {},
    state: rule.kind === 'alerting' ? rule.state : 'inactive',
    health: rule.health,
    lastError: rule.lastError === '' ? null : rule.lastError,
    lastEvaluatedAt: rule.lastEvaluation === 0 ? null : rule.lastEvaluation,
    evaluationMs: rule.lastEvaluation === 0 ? null : rule.evaluationTimeMs,
    line: rule.line,
  };
}
