import { compileTemplate, RULE_PREFIX } from './alert/template/index.ts';
import { findConditionFault } from './collect/probe/index.ts';
import type { LoadOptions } from './config/index.ts';
import { parsePromql, type PromqlFeature, promqlFeatures } from './query/promql/index.ts';

type Checks = Pick<LoadOptions, 'checkExpression' | 'checkTemplate' | 'checkCondition'>;

/** How the configuration has its expressions and templates checked, without knowing the rooms that understand them. */
export const languageChecks: Checks = {
  checkCondition: findConditionFault,
  checkExpression(text, features) {
    const parsed = parsePromql(text, promqlFeatures(features));
    return parsed.ok ? null : parsed.problem;
  },
  checkTemplate(text) {
    const parsed = compileTemplate('template', text, RULE_PREFIX);
    if (parsed.ok) return null;
    const { message, line, column } = parsed.problem;
    // Columns count from 0 there, and the variables stand in front of the first line of the text.
    return { message, line, column: line === 1 ? Math.max(1, column - RULE_PREFIX.length + 1) : column + 1 };
  },
};

/** The checks where experimental parts of PromQL are switched on, beside those that the configuration names. */
export function languageChecksWith(features: ReadonlySet<PromqlFeature>): Checks {
  return {
    ...languageChecks,
    checkExpression(text, configured) {
      const parsed = parsePromql(text, new Set([...features, ...promqlFeatures(configured)]));
      return parsed.ok ? null : parsed.problem;
    },
  };
}
