import type { HttpCheckConfig } from '../../config/index.ts';
import { readHealthDocument } from './health-document.ts';
import type { HealthDocument, HealthState } from './health-document.ts';
import { failJsonCondition, parseJsonCondition } from './json-condition.ts';
import type { JsonCondition } from './json-condition.ts';
import type { Outcome, Reason } from './probe.ts';

/** What an answer says about the service. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly health: HealthDocument | null;
  /** Null when no keyword was asked for. */
  readonly isKeywordMissing: boolean | null;
}

export interface JudgedAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Decompressed and decoded. */
  readonly text: string;
  /** It was longer than what is read. */
  readonly isCut: boolean;
}

/**
 * Judge a complete answer: status, keyword, conditions, then what a health document says. The first failure gives the
 * reason; a health document also explains a status that is not accepted.
 *
 * @param name how the reason calls the service
 */
export function judgeAnswer(answer: JudgedAnswer, config: HttpCheckConfig, name: string): Judgement {
  const health = readHealthDocument(answer.contentType, answer.text);
  const isKeywordMissing = config.keyword === null ? null : !answer.text.includes(config.keyword);
  const verdict =
    judgeStatus(answer, config, name, health) ??
    (isKeywordMissing === true
      ? down('keyword', `The answer of ${name} does not contain "${config.keyword ?? ''}".`)
      : (judgeConditions(answer, config.json, name) ?? judgeHealth(health, name)));
  return { ...(verdict ?? { outcome: 'up', reason: null }), health, isKeywordMissing };
}

interface Verdict {
  readonly outcome: Outcome;
  readonly reason: Reason;
}

function down(code: string, message: string): Verdict {
  return { outcome: 'down', reason: { code, message } };
}

function judgeStatus(
  { status }: JudgedAnswer,
  config: HttpCheckConfig,
  name: string,
  health: HealthDocument | null,
): Verdict | null {
  if (acceptsStatus(config.status, status)) return null;
  const detail = health && health.state !== 'ok' ? ` ${describeHealth(health)}` : '';
  const accepted = config.status.join(', ');
  return down('status', `${name} answered ${String(status)}, and ${accepted} is accepted.${detail}`);
}

/** Whether a status is among exact codes (`204`), classes (`2xx`) and ranges (`200-299`). */
export function acceptsStatus(accepted: readonly string[], status: number): boolean {
  return accepted.some((pattern) => {
    const [, first, last] = /^(\d{3})-(\d{3})$/.exec(pattern) ?? [];
    if (first !== undefined) return status >= Number(first) && status <= Number(last);
    return String(status) === pattern || (/^\dxx$/i.test(pattern) && String(status).startsWith(pattern.charAt(0)));
  });
}

function judgeConditions(answer: JudgedAnswer, texts: readonly string[], name: string): Verdict | null {
  if (texts.length === 0) return null;
  const conditions: JsonCondition[] = [];
  for (const text of texts) {
    const reading = parseJsonCondition(text);
    // The service is not to blame for a condition that cannot be read.
    if (!reading.ok) return { outcome: 'unknown', reason: { code: 'condition', message: `${reading.message}.` } };
    conditions.push(reading.condition);
  }
  if (answer.isCut) return down('size', `The answer of ${name} is too long to be read as JSON.`);
  let document: unknown;
  try {
    document = JSON.parse(answer.text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return down('json', `The answer of ${name} is no JSON: ${error.message}.`);
  }
  const failures = conditions.flatMap((condition) => failJsonCondition(document as JsonDocument, condition) ?? []);
  return failures.length === 0 ? null : down('json', `${name} does not fulfil ${failures.join('; ')}.`);
}

type JsonDocument = Parameters<typeof failJsonCondition>[0];

const OUTCOMES: Readonly<Record<HealthState, Outcome>> = {
  ok: 'up',
  degraded: 'degraded',
  down: 'down',
  unknown: 'unknown',
};

function judgeHealth(health: HealthDocument | null, name: string): Verdict | null {
  if (!health || health.state === 'ok') return null;
  return { outcome: OUTCOMES[health.state], reason: { code: 'health', message: `${name}: ${describeHealth(health)}` } };
}

function describeHealth({ state, components }: HealthDocument): string {
  const faulty = components.filter((component) => component.state !== 'ok');
  const parts = faulty.slice(0, 5).map(({ name, state: own, message }) => {
    return `${name} is ${own}${message === null ? '' : ` (${message.slice(0, 200)})`}`;
  });
  if (faulty.length > 5) parts.push(`and ${String(faulty.length - 5)} more`);
  return `It says that it is ${state}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`;
}
