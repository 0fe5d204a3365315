import type { CheckJudgement } from '../../config/configuration.ts';
import type { ProbeResult, Reason } from '../probe/probe.ts';

const DAY_MS = 86_400_000;

/** A good answer that was too slow, or whose certificate ends soon, is degraded. The probe's own verdict comes first. */
export function weighResult(
  result: ProbeResult,
  { slowAfterMs, certificateMs }: Pick<CheckJudgement, 'slowAfterMs' | 'certificateMs'>,
  now: number,
): ProbeResult {
  if (result.outcome !== 'up') return result;
  if (slowAfterMs !== null && result.durationMs > slowAfterMs) {
    const message = `Answered in ${seconds(result.durationMs)} s; the limit is ${seconds(slowAfterMs)} s.`;
    return { ...result, outcome: 'degraded', reason: { code: 'slow', message } };
  }
  const leftMs = result.certificate === null ? Infinity : result.certificate.earliestExpiresAt - now;
  if (certificateMs !== null && leftMs < certificateMs) {
    const days = (ms: number): string => String(Math.floor(ms / DAY_MS));
    const message = `The certificate expires in ${days(leftMs)} days; the limit is ${days(certificateMs)} days. Renew it.`;
    return { ...result, outcome: 'degraded', reason: { code: 'certificate', message } };
  }
  return result;
}

/** Reasons that say that the host was not reached at all, so that the fault may lie on the way. */
const NOT_REACHED: readonly string[] = ['timeout', 'unreachable', 'network', 'dns', 'dns-server'];

/** Whether a result shows that there is a way to the host; null when it tells nothing about it. */
export function isReached({ outcome, reason }: ProbeResult): boolean | null {
  if (reason !== null && NOT_REACHED.includes(reason.code)) return false;
  return outcome === 'unknown' ? null : true;
}

/** The same result as one that says nothing about the service: `probe_success` would blame it for a fault on our side. */
export function asUnknown(result: ProbeResult, reason: Reason): ProbeResult {
  const samples = result.samples.filter(({ name }) => name !== 'probe_success');
  return { ...result, outcome: 'unknown', reason, samples };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(ms < 10_000 ? 2 : 1);
}
