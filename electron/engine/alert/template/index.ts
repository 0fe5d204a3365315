export {
  alertTemplateData,
  compileTemplate,
  expandTemplate,
  parseRuleTemplate as parseTemplate,
  RULE_PREFIX,
} from './expand-template.ts';
export type { CompiledTemplate, ExpandContext, ExpandResult, TemplateQuery } from './expand-template.ts';
export type { TemplateProblem } from './template-problem.ts';
