/** What to do after an answer to a write. */
export type Verdict =
  | { readonly kind: 'accepted' }
  /** Ask again, not before the receiver wishes; null leaves the wait to us. */
  | { readonly kind: 'retry'; readonly afterMs: number | null }
  /** The receiver will never take it as it is. */
  | { readonly kind: 'refused' };

/**
 * Source: Prometheus, "Remote-Write 1.0 specification": 2xx is success, 5xx is to be retried, 4xx is not. 429 asks for a
 * slower sender; nothing is lost by waiting, as the queue is on disk. 401 and 403 are for the owner to mend, so they wait.
 */
export function judgeAnswer(status: number, retryAfter: string | null, nowMs: number): Verdict {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status >= 500 || [401, 403, 404, 408, 429].includes(status) || status < 200) {
    return { kind: 'retry', afterMs: waitOf(retryAfter, nowMs) };
  }
  return { kind: 'refused' };
}

const LONGEST_WAIT_MS = 3_600_000;

/** Seconds or a date. Source: RFC 9110, section 10.2.3. */
function waitOf(retryAfter: string | null, nowMs: number): number | null {
  if (retryAfter === null) return null;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : null;
}
