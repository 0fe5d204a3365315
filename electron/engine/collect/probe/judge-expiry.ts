import { formatDistance } from './format-distance.ts';
import type { CertificateFacts } from './probe.ts';
import { UP } from './run-probe.ts';
import type { Verdict } from './run-probe.ts';

/**
 * What the dates of a chain say. Trust is judged elsewhere.
 *
 * @param limitMs what expires sooner is degraded; null for no limit
 */
export function judgeExpiry(
  certificate: CertificateFacts | null,
  limitMs: number | null,
  address: string,
  now: number,
): Verdict {
  if (certificate === null) return UP;
  const { leafExpiresAt, earliestExpiresAt, subject } = certificate;
  const leftMs = earliestExpiresAt - now;
  const whose = leafExpiresAt <= earliestExpiresAt ? `The certificate of ${address} (${subject})` : `A certificate that that of ${address} depends on`; // prettier-ignore
  if (leftMs <= 0) {
    const message = `${whose} expired ${formatDistance(-leftMs)} ago. Renew it.`;
    return { outcome: 'degraded', reason: { code: 'certificate', message } };
  }
  if (limitMs === null || leftMs > limitMs) return UP;
  const message = `${whose} expires in ${formatDistance(leftMs)}. Renew it.`;
  return { outcome: 'degraded', reason: { code: 'certificate', message } };
}
