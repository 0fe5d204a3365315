export { compileTemplate, RULE_PREFIX } from './expand-template.ts';
