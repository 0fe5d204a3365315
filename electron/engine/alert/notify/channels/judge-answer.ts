import type { HttpAnswer, Verdict } from '../webhook.ts';

/** The words of a service, for the delivery log. */
export function answerWords({ status, body }: HttpAnswer): string {
  const said = body.trim().slice(0, 300);
  return said === '' ? `HTTP ${String(status)}` : `HTTP ${String(status)}: ${said}`;
}

/** By status alone: 2xx is delivered, 429 and 5xx are worth another try, anything else is final. */
export function judgeStatus(answer: HttpAnswer): Verdict {
  const words = answerWords(answer);
  if (answer.status >= 200 && answer.status < 300) return { kind: 'delivered', words };
  if (answer.status === 429 || answer.status >= 500) return { kind: 'retry', words, afterMs: retryAfterMs(answer) };
  return { kind: 'refused', words };
}

/** What `Retry-After` asks for, as seconds or as a date; 0 where it asks for nothing. */
export function retryAfterMs({ retryAfter }: HttpAnswer, nowMs = 0): number {
  if (retryAfter === null) return 0;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds) * 1000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) || nowMs === 0 ? 0 : Math.max(0, at - nowMs);
}

/** A member of a JSON body; undefined where the body is no JSON object or lacks it. */
export function bodyMember(answer: HttpAnswer, ...path: readonly string[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(answer.body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

/**
 * For services that answer 200 to a refusal and say what became of the message in the body.
 *
 * @param member   where the code stands
 * @param good     the code of a message that was taken
 * @param tooFast  codes that ask for a pause
 */
export function judgeByCode(member: string, good: unknown, tooFast: readonly unknown[], pauseMs: number) {
  return (answer: HttpAnswer): Verdict => {
    const byStatus = judgeStatus(answer);
    if (byStatus.kind !== 'delivered') return byStatus;
    const code = bodyMember(answer, member);
    const words = answerWords(answer);
    if (code === good) return { kind: 'delivered', words };
    if (tooFast.includes(code)) return { kind: 'retry', words, afterMs: pauseMs };
    return { kind: 'refused', words };
  };
}
