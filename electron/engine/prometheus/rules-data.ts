import { createHash } from 'node:crypto';
import { labelsFromRecord, type LabelRecord } from '../../../shared/model/labels.ts';
import type { AlertStatus, RuleGroupStatus, RuleStatus } from '../alert/rules/index.ts';
import { formatGoFloat } from '../query/promql/index.ts';
import { goTime } from './go-time.ts';
import { selectorsTest } from './match-selectors.ts';
import { BadParameter, limitParam, optionalText, selectorsParam, type Params } from './params.ts';

const KINDS: Readonly<Record<string, RuleStatus['kind']>> = { alert: 'alerting', record: 'recording' };

/** `data` of `/api/v1/rules` with all its filters, a page at a time if asked. Source: Prometheus manual, "Rules". */
export function rulesData(groups: readonly RuleGroupStatus[], params: Params): unknown {
  const withAlerts = !flagParam(params, 'exclude_alerts');
  const sorted = [...groups].sort((a, b) => compare(a.file, b.file) || compare(a.name, b.name));
  const page = pageOf(filtered(sorted, params), sorted, params);
  return {
    groups: page.groups.map((group) => groupData(group, withAlerts)),
    ...(page.next === null ? {} : { groupNextToken: tokenOf(page.next) }),
  };
}

function filtered(groups: readonly RuleGroupStatus[], params: Params): RuleGroupStatus[] {
  const type = optionalText(params, 'type')?.toLowerCase() ?? null;
  const kind = type === null ? null : KINDS[type];
  if (kind === undefined)
    throw new BadParameter(`invalid parameter "type": not supported value ${JSON.stringify(type)}`);
  const fits = selectorsTest(selectorsParam(params));
  const wants = (name: string, value: string): boolean => {
    const wanted = params[name];
    return wanted === undefined || wanted.length === 0 || wanted.includes(value);
  };
  const isWanted = (rule: RuleStatus): boolean =>
    wants('rule_name[]', rule.name) && (kind === null || rule.kind === kind) && fits(labelsFromRecord(rule.labels));
  return groups
    .filter((group) => wants('rule_group[]', group.name) && wants('file[]', group.file))
    .map((group) => ({ ...group, rules: group.rules.filter(isWanted) }))
    .filter((group) => group.rules.length > 0);
}

interface Page {
  readonly groups: readonly RuleGroupStatus[];
  /** The first group that has no room any more. */
  readonly next: RuleGroupStatus | null;
}

function pageOf(groups: readonly RuleGroupStatus[], all: readonly RuleGroupStatus[], params: Params): Page {
  const limit = limitParam(params, 'group_limit');
  const token = optionalText(params, 'group_next_token');
  if (limit === 0) {
    if (token === null) return { groups, next: null };
    throw new BadParameter('invalid parameter "group_limit": group_limit needs to be set for group_next_token');
  }
  const first = token === null ? all[0] : all.find((group) => tokenOf(group) === token);
  if (first === undefined) {
    if (token === null) return { groups: [], next: null };
    throw new BadParameter(
      `invalid parameter "group_next_token": invalid group_next_token '${token}'. were rule groups changed?`,
    );
  }
  const isBefore = (group: RuleGroupStatus): boolean =>
    (compare(group.file, first.file) || compare(group.name, first.name)) < 0;
  const rest = groups.filter((group) => !isBefore(group));
  return { groups: rest.slice(0, limit), next: rest[limit] ?? null };
}

/** Names a group across requests. */
function tokenOf({ file, name }: RuleGroupStatus): string {
  return createHash('sha1').update(`${file};${name}`).digest('hex');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function flagParam(params: Params, name: string): boolean {
  const text = optionalText(params, name)?.toLowerCase() ?? 'false';
  if (['1', 't', 'true'].includes(text)) return true;
  if (['0', 'f', 'false'].includes(text)) return false;
  throw new BadParameter(`invalid parameter "${name}": error converting ${name}: ${JSON.stringify(text)}`);
}

function groupData(group: RuleGroupStatus, withAlerts: boolean): unknown {
  return {
    name: group.name,
    file: group.file,
    rules: group.rules.map((rule) => ruleData(rule, withAlerts)),
    interval: group.intervalMs / 1000,
    limit: group.limit,
    evaluationTime: group.evaluationTimeMs / 1000,
    lastEvaluation: goTime(group.lastEvaluation),
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
    lastEvaluation: goTime(rule.lastEvaluation),
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
    activeAt: goTime(alert.activeAt),
    ...(alert.keepFiringSince === null ? {} : { keepFiringSince: goTime(alert.keepFiringSince) }),
    value: formatGoFloat(alert.value),
  };
}
