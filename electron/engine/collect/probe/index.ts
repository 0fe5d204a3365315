export { startChecks } from './checks.ts';
export type { Checks, ChecksOptions, CheckStatus } from './checks.ts';
export type { CheckState, ResultSummary } from './check-state.ts';
export { answerProbe } from './answer-probe.ts';
export type { ProbeQuestion, ProbeReply } from './answer-probe.ts';
export { findConditionFault } from './json-condition.ts';
export type { HealthComponent, HealthDocument, HealthState } from './health-document.ts';
export { PHASES } from './probe.ts';
export type { CertificateFacts, HttpFacts, Outcome, Phase, PhaseTimes, ProbeResult, Reason } from './probe.ts';
