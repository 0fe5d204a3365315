export type { AlertStatus, RuleGroupStatus, RuleStatus } from './rule-status.ts';
export type { RuleQuery } from './rule-query.ts';
export type { SentAlert } from './select-sendable.ts';
export { startRuleGroups } from './start-rule-groups.ts';
export type { RuleGroups } from './start-rule-groups.ts';
export { relabelAlerts } from './relabel-alerts.ts';
