import { z } from 'zod';
import { duration, integer, labelMap, strict, text } from './values.ts';

/** Source: Prometheus manual, "Recording rules", `<rule_group>` and `<rule>`. */
export const ruleEntry = strict({
  record: text().optional(),
  alert: text().optional(),
  expr: text().optional(),
  for: duration.optional(),
  keep_firing_for: duration.optional(),
  labels: labelMap.optional(),
  annotations: labelMap.optional(),
});
export type RawRule = z.output<typeof ruleEntry>;

export const ruleGroup = strict({
  name: text(),
  interval: duration.optional(),
  query_offset: duration.optional(),
  limit: integer.optional(),
  labels: labelMap.optional(),
  rules: z.array(z.unknown()).optional(),
});

export const ruleFile = strict({ groups: z.array(z.unknown()).optional() });

/** The keys of each kind of mapping in a rule file, for a reader that passes over others. */
export const RULE_FILE_KEYS = {
  file: ['groups'],
  group: ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'],
  rule: ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'],
} as const;
