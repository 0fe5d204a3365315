export { startChecks } from './checks.ts';
export type { Checks, ChecksOptions } from './checks.ts';
export type { CheckStatus } from './running-check.ts';
export type { CheckState, ResultSummary } from './check-state.ts';
export { findConditionFault } from './json-condition.ts';
export type { HealthComponent, HealthDocument, HealthState } from './health-document.ts';
export { PHASES } from './probe.ts';
export type { CertificateFacts, HttpFacts, Outcome, Phase, PhaseTimes, ProbeResult, Reason } from './probe.ts';
