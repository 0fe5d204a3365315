import type { IncomingHttpHeaders } from 'node:http';
import type { HttpCheckConfig } from '../../config/index.ts';
import { readHealthDocument } from './health-document.ts';
import type { HealthDocument, HealthState } from './health-document.ts';
import { failJsonCondition, parseJsonCondition } from './json-condition.ts';
import type { JsonCondition } from './json-condition.ts';
import { findTextFault } from './judge-text.ts';
import type { Outcome, Reason } from './probe.ts';

/** What an answer says about the service. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly health: HealthDocument | null;
  /** Whether a header, a keyword or a regular expression decided. */
  readonly isTextFault: boolean;
}

export interface JudgedAnswer {
  readonly status: number;
  /** `1.1` */
  readonly httpVersion: string;
  readonly isSecure: boolean;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed and decoded. */
  readonly text: string;
  /** It was longer than what is read. */
  readonly isCut: boolean;
}

/**
 * Judge a complete answer: status, version, words, conditions, then what a health document says. The first failure gives the
 * reason; a health document also explains a status that is not accepted.
 *
 * @param name how the reason calls the service
 */
export function judgeAnswer(answer: JudgedAnswer, config: HttpCheckConfig, name: string): Judgement {
  const health = config.judgesHealth ? readHealthDocument(answer.headers['content-type'] ?? '', answer.text) : null;
  const refused = judgeStatus(answer, config, name, health) ?? judgeProtocol(answer, config, name);
  if (refused !== null) return { ...refused, health, isTextFault: false };
  const fault = findTextFault(answer, config, name);
  if (fault !== null) return { outcome: 'down', reason: fault, health, isTextFault: true };
  const verdict = judgeConditions(answer, config.json, name) ?? judgeHealth(health, name);
  return { ...(verdict ?? { outcome: 'up', reason: null }), health, isTextFault: false };
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

function judgeProtocol(answer: JudgedAnswer, config: HttpCheckConfig, name: string): Verdict | null {
  const { httpVersions, security } = config;
  const version = `HTTP/${answer.httpVersion}`;
  if (httpVersions.length > 0 && !httpVersions.includes(version)) {
    return down('version', `${name} answered with ${version}, and ${httpVersions.join(', ')} is accepted.`);
  }
  if (security === 'required' && !answer.isSecure) return down('security', `${name} is not secured by TLS.`);
  return security === 'forbidden' && answer.isSecure ? down('security', `${name} is secured by TLS.`) : null;
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
