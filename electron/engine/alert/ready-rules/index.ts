import { MYSQL_RULES, POSTGRES_RULES, REDIS_RULES } from './database-rules.ts';
import { CONTAINER_RULES, NODE_RULES, PROCESS_RULES, WINDOWS_RULES } from './machine-rules.ts';
import type { ReadyRuleSet } from './ready-rule.ts';
import { BLACKBOX_RULES, NGINX_RULES, PROMETHEUS_RULES, RABBITMQ_RULES } from './service-rules.ts';

export { metricNames, readyDraft } from './ready-draft.ts';

/** Rules that come with the program, by the exporter whose metrics they read. */
export const READY_RULES: readonly ReadyRuleSet[] = [
  NODE_RULES,
  BLACKBOX_RULES,
  PROMETHEUS_RULES,
  REDIS_RULES,
  POSTGRES_RULES,
  MYSQL_RULES,
  RABBITMQ_RULES,
  NGINX_RULES,
  CONTAINER_RULES,
  WINDOWS_RULES,
  PROCESS_RULES,
];
