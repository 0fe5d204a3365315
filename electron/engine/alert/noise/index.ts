export { limitFromHistory } from './limit-from-history.ts';
export type { LimitQuestion } from './limit-from-history.ts';
export { noiseReport } from './noise-report.ts';
export type { NoisyRule, ReportedRule } from './noise-report.ts';
export type { NoiseProposal } from './propose-times.ts';
