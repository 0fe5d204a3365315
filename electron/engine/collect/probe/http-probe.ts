import type { HttpCheckConfig } from '../../config/index.ts';
import { explainNetworkError } from '../network-problem.ts';
import { exchange } from './exchange.ts';
import type { Exchange, ExchangeRequest } from './exchange.ts';
import { httpSamples, startWatch } from './http-samples.ts';
import { judgeAnswer } from './judge-answer.ts';
import type { Judgement } from './judge-answer.ts';
import { PHASES } from './probe.ts';
import type { HttpFacts, Phase, Probe, ProbeDetail, ProbePorts, ProbeResult, Reason } from './probe.ts';
import { MOST_REDIRECTS, badRedirect, isWebUrl, redirectOf, shownUrl } from './redirect.ts';
import { excerptOf, unpackBody } from './unpack-body.ts';

/** A probe that asks a URL as `config` says and judges the answer. */
export function createHttpProbe(config: HttpCheckConfig, timeoutMs: number, { clock, userAgent }: ProbePorts): Probe {
  return {
    async run(signal): Promise<ProbeResult> {
      const elapsed = startWatch(clock);
      const phases: Record<Phase, number> = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
      let request = firstRequest(config, userAgent);
      let redirects = 0;
      for (;;) {
        const made = await exchange(request, clock, signal);
        for (const phase of PHASES) phases[phase] += made.phases[phase];
        const next = made.answer && config.followRedirects ? redirectOf(request, made.answer) : null;
        if (next && redirects < MOST_REDIRECTS && isWebUrl(next.url)) {
          redirects++;
          request = next;
          continue;
        }
        const body = made.answer ? unpackBody(made.answer) : null;
        const judgement = next
          ? failed('down', badRedirect(next.url))
          : judge({ made, body, config, timeoutMs, url: request.url, signal });
        return conclude({ made, body, judgement, phases, durationMs: elapsed(), url: request.url, redirects });
      }
    },
  };
}

function firstRequest(config: HttpCheckConfig, userAgent: string): ExchangeRequest {
  const { url, method, body, insecureSkipVerify } = config;
  const headers: Record<string, string> = { 'User-Agent': userAgent, Accept: '*/*', ...config.headers };
  if (body !== null && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-length')) {
    headers['Content-Length'] = String(Buffer.byteLength(body));
  }
  return { url: new URL(url), method, headers, body, insecureSkipVerify };
}

function failed(outcome: 'down' | 'unknown', reason: Reason): Judgement {
  return { outcome, reason, health: null, isKeywordMissing: null };
}

interface Finished {
  readonly made: Exchange;
  /** Unpacked; null without an answer, and when it could not be unpacked. */
  readonly body: Buffer | null;
  readonly url: URL;
}

interface Asked extends Finished {
  readonly config: HttpCheckConfig;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

function judge({ made, body, config, timeoutMs, url, signal }: Asked): Judgement {
  if (made.answer) {
    const { status, headers, isCut } = made.answer;
    if (body === null) {
      const encoding = headers['content-encoding'] ?? '';
      const message = `The answer of ${shownUrl(url)} is said to be ${encoding} and cannot be unpacked.`;
      return failed('down', { code: 'encoding', message });
    }
    const contentType = headers['content-type'] ?? '';
    return judgeAnswer({ status, contentType, text: body.toString('utf8'), isCut }, config, shownUrl(url));
  }
  if (signal.aborted) {
    const isTimeout = (signal.reason as { name?: string } | undefined)?.name === 'TimeoutError';
    if (!isTimeout) return failed('unknown', { code: 'aborted', message: 'The check was interrupted.' });
    return failed('down', { code: 'timeout', message: describeTimeout(made.failure?.phase, url, timeoutMs) });
  }
  const { code, message, side } = explainNetworkError(made.failure?.error, url.host);
  return failed(side === 'ours' ? 'unknown' : 'down', { code, message });
}

function describeTimeout(phase: Phase | undefined, url: URL, timeoutMs: number): string {
  const within = `within ${String(timeoutMs / 1000)} s`;
  switch (phase) {
    case 'resolve':
      return `The name ${url.hostname} was not resolved ${within}. Check the name server.`;
    case 'connect':
      return `No connection to ${url.host} ${within}. Is the machine on, or does a firewall drop the packets?`;
    case 'tls':
      return `${url.host} did not finish the TLS handshake ${within}.`;
    case 'transfer':
      return `${url.host} began to answer and did not finish ${within}.`;
    default:
      return `${url.host} took the request and did not answer ${within}.`;
  }
}

interface Concluded extends Finished {
  readonly judgement: Judgement;
  readonly phases: Readonly<Record<Phase, number>>;
  readonly durationMs: number;
  readonly redirects: number;
}

function conclude({ made, body, url, judgement, phases, durationMs, redirects }: Concluded): ProbeResult {
  const { outcome, reason, health, isKeywordMissing } = judgement;
  const { answer } = made;
  const contentType = answer?.headers['content-type'] ?? null;
  const http: HttpFacts = {
    status: answer?.status ?? null,
    httpVersion: answer?.httpVersion ?? null,
    contentType,
    bodyBytes: body?.length ?? null,
    redirects,
    finalUrl: shownUrl(url),
    remoteAddress: made.remoteAddress,
    excerpt: outcome === 'up' || body === null ? null : excerptOf(contentType ?? '', body),
  };
  const contentLength = Number(answer?.headers['content-length'] ?? -1);
  const { certificate } = made;
  const measured = { outcome, durationMs, phases, http, certificate, health, contentLength, isKeywordMissing };
  const samples = httpSamples(measured);
  return { outcome, reason, durationMs, phases, details: httpDetails(http), certificate, health, http, samples };
}

function httpDetails({ status, httpVersion, contentType, bodyBytes, redirects, finalUrl }: HttpFacts): ProbeDetail[] {
  const details: ProbeDetail[] = [];
  const add = (name: string, value: string | number | null): void => {
    if (value !== null) details.push({ name, value: String(value) });
  };
  add('httpStatus', status);
  add('httpVersion', httpVersion);
  add('contentType', contentType);
  add('bodyBytes', bodyBytes);
  if (redirects > 0) add('finalUrl', finalUrl);
  return details;
}
