export { stepAlertingRule } from './alerting-state.ts';
export type { ActiveAlert, AlertingState, AlertTransition, ObservedAlert } from './alerting-state.ts';
export type { RulePorts } from './running-rule.ts';
export type { RuleAnswer, RuleQuery, RuleSample } from './rule-query.ts';
export type { AlertStatus, RuleGroupStatus, RuleHealth, RuleStatus } from './rule-status.ts';
export type { SentAlert } from './select-sendable.ts';
export { startRuleGroups } from './start-rule-groups.ts';
export type { RuleGroups, RuleGroupsOptions, RuleScheduler } from './start-rule-groups.ts';
