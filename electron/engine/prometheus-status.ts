import type { LabelRecord } from '../../shared/model/labels.ts';
import type { AlertStatus, RuleGroupStatus, RuleStatus } from './alert/rules/index.ts';
import type { TargetStatus } from './collect/scrape/index.ts';
import { formatDuration } from './config/duration.ts';
import type { PrometheusRequest } from './prometheus-endpoint.ts';
import { formatGoFloat } from './query/promql/index.ts';

/** How Go writes the zero time: what has not happened yet. */
const NEVER = '0001-01-01T00:00:00Z';

/** `data` of `/api/v1/targets`. Source: Prometheus manual, "Targets". */
export function targetsData(targets: readonly TargetStatus[], state: string): unknown {
  const active = state === 'dropped' ? [] : targets.map(targetData);
  return { activeTargets: active, droppedTargets: [], droppedTargetCounts: {} };
}

function targetData(target: TargetStatus): unknown {
  return {
    discoveredLabels: target.discoveredLabels,
    labels: target.labels,
    scrapePool: target.scrapePool,
    scrapeUrl: target.scrapeUrl,
    globalUrl: target.scrapeUrl,
    lastError: target.lastError,
    lastScrape: time(target.lastScrapeAt),
    lastScrapeDuration: target.lastScrapeDurationMs / 1000,
    health: target.health,
    scrapeInterval: formatDuration(target.scrapeIntervalMs),
    scrapeTimeout: formatDuration(target.scrapeTimeoutMs),
  };
}

/** `data` of `/api/v1/rules`, with its filters `type`, `rule_name[]`, `rule_group[]`, `file[]` and `exclude_alerts`. */
export function rulesData(groups: readonly RuleGroupStatus[], params: PrometheusRequest['params']): unknown {
  const wants = (name: string, value: string): boolean => {
    const wanted = params[name];
    return wanted === undefined || wanted.length === 0 || wanted.includes(value);
  };
  const type = params['type']?.[0];
  const kind = type === 'alert' ? 'alerting' : type === 'record' ? 'recording' : null;
  const withAlerts = params['exclude_alerts']?.[0] !== 'true';
  const found = groups
    .filter((group) => wants('rule_group[]', group.name) && wants('file[]', group.file))
    .map((group) => ({
      ...group,
      rules: group.rules.filter((rule) => wants('rule_name[]', rule.name) && (kind === null || rule.kind === kind)),
    }))
    .filter((group) => group.rules.length > 0);
  return {
    groups: found.map((group) => ({
      name: group.name,
      file: group.file,
      interval: group.intervalMs / 1000,
      limit: group.limit,
      rules: group.rules.map((rule) => ruleData(rule, withAlerts)),
      evaluationTime: group.evaluationTimeMs / 1000,
      lastEvaluation: time(group.lastEvaluation),
    })),
  };
}

function ruleData(rule: RuleStatus, withAlerts: boolean): unknown {
  const common = {
    name: rule.name,
    query: rule.query,
    labels: rule.labels,
    health: rule.health,
    ...(rule.lastError === '' ? {} : { lastError: rule.lastError }),
    evaluationTime: rule.evaluationTimeMs / 1000,
    lastEvaluation: time(rule.lastEvaluation),
  };
  if (rule.kind === 'recording') return { ...common, type: 'recording' };
  return {
    ...common,
    type: 'alerting',
    state: rule.state,
    duration: rule.forMs / 1000,
    keepFiringFor: rule.keepFiringForMs / 1000,
    annotations: rule.annotations,
    alerts: withAlerts ? rule.alerts.map(alertData) : [],
  };
}

/** `data` of `/api/v1/alerts`. */
export function alertsData(groups: readonly RuleGroupStatus[]): unknown {
  const rules = groups.flatMap((group) => group.rules);
  return { alerts: rules.flatMap((rule) => (rule.kind === 'alerting' ? rule.alerts.map(alertData) : [])) };
}

function alertData(alert: AlertStatus): { labels: LabelRecord } & Record<string, unknown> {
  return {
    labels: alert.labels,
    annotations: alert.annotations,
    state: alert.state,
    activeAt: time(alert.activeAt),
    ...(alert.keepFiringSince === null ? {} : { keepFiringSince: time(alert.keepFiringSince) }),
    value: formatGoFloat(alert.value),
  };
}

function time(ms: number | null): string {
  return ms === null || ms === 0 ? NEVER : new Date(ms).toISOString();
}
