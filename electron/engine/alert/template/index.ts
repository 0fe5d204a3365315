export { alertTemplateData, compileTemplate, expandTemplate, RULE_PREFIX } from './expand-template.ts';
export type { CompiledTemplate, ExpandContext, ExpandResult, TemplateQuery } from './expand-template.ts';
export type { TemplateProblem } from './template-problem.ts';
