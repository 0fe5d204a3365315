import type { Alert, Rule, RuleGroup, Severity } from '../../../shared/contract/alerts.ts';
import { encodeValue } from '../../../shared/model/wire-value.ts';
import type { LabelRecord } from '../../../shared/model/labels.ts';
import { severityOf } from './notify/index.ts';
import { fingerprint } from './route/index.ts';
import type { AlertStatus, RuleGroupStatus, RuleStatus } from './rules/index.ts';
import type { AlertEpisode } from '../store/state/index.ts';

const RANK: Readonly<Record<Severity, number>> = { critical: 0, error: 1, warning: 2, info: 3 };

/** Four severities for people; an alert that names none is a warning, since somebody wanted to be told. */
function wireSeverity(labels: LabelRecord): Severity {
  const severity = severityOf(labels);
  return severity === 'alert' ? 'warning' : severity;
}

/** The alerts that wait or fire, the worst and oldest first. */
export function activeAlerts(groups: readonly RuleGroupStatus[], externalLabels: LabelRecord): Alert[] {
  return groups
    .flatMap((group) => group.rules)
    .flatMap((rule) =>
      rule.kind === 'alerting' ? rule.alerts.map((alert) => activeAlert(rule, alert, externalLabels)) : [],
    )
    .sort(
      (a, b) =>
        Number(a.state === 'pending') - Number(b.state === 'pending') ||
        RANK[a.severity] - RANK[b.severity] ||
        a.activeAt - b.activeAt,
    );
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
