import { labelsToRecord, METRIC_NAME, withLabels, type LabelRecord } from '../../../../shared/model/labels.ts';
import type { AlertingRuleConfig } from '../../config/configuration.ts';
import {
  alertTemplateData,
  compileTemplate,
  expandTemplate,
  RULE_PREFIX,
  type CompiledTemplate,
  type ExpandContext,
} from '../template/expand-template.ts';
import type { ObservedAlert } from './alerting-state.ts';
import type { RuleSample } from './rule-query.ts';

/** The templates of one rule, parsed. */
export interface RuleTemplates {
  readonly alertName: string;
  readonly labels: readonly (readonly [name: string, template: CompiledTemplate])[];
  readonly annotations: readonly (readonly [name: string, template: CompiledTemplate])[];
}

export function compileRuleTemplates(rule: AlertingRuleConfig, groupLabels: LabelRecord): RuleTemplates {
  const compile = (record: LabelRecord): RuleTemplates['labels'] =>
    Object.entries(record).map(([name, text]) => [name, compileTemplate(`__alert_${rule.alert}`, text, RULE_PREFIX)]);
  return {
    alertName: rule.alert,
    labels: compile({ ...groupLabels, ...rule.labels }),
    annotations: compile(rule.annotations),
  };
}

export interface ObserveContext extends ExpandContext {
  readonly externalLabels: LabelRecord;
  /** Told about each template that failed; the alert still counts, with the failure as its text. */
  readonly onProblem: (message: string) => void;
}

/** Give the samples of a rule's expression their final labels and annotations. */
export async function observeAlerts(
  samples: readonly RuleSample[],
  templates: RuleTemplates,
  context: ObserveContext,
): Promise<ObservedAlert[]> {
  const observed: ObservedAlert[] = [];
  for (const { labels, value } of samples) {
    const data = alertTemplateData({ ...context, labels: labelsToRecord(labels), value });
    const expand = async (list: RuleTemplates['labels']): Promise<LabelRecord> => {
      const texts: Record<string, string> = {};
      for (const [name, template] of list) {
        const result = await expandTemplate(template, data, context);
        if (!result.ok) context.onProblem(result.problem.message);
        texts[name] = result.ok ? result.text : `<error expanding template: ${result.problem.message}>`;
      }
      return texts;
    };
    const ruleLabels = await expand(templates.labels);
    observed.push({
      labels: withLabels(labels, { ...ruleLabels, [METRIC_NAME]: '', alertname: templates.alertName }),
      annotations: await expand(templates.annotations),
      value,
    });
  }
  return observed;
}
