export { testRuleFile } from './test-rule-file.ts';
export type { RuleTestPorts, RuleTestReport } from './test-rule-file.ts';
