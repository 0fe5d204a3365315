export { tryRule } from './try-rule.ts';
export type { RangeRun, TriedRule } from './try-rule.ts';
