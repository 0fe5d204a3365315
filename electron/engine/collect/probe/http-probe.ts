import type { HttpCheckConfig } from '../../config/index.ts';
import { ProxyRefusal, ProxyUnreachable } from '../http/tunnel-agent.ts';
import { explainNetworkError } from '../network-problem.ts';
import { lookUpPreferring, revealOrFail, secureOptions } from './connect.ts';
import { exchange } from './exchange.ts';
import type { Exchange, ExchangeRequest } from './exchange.ts';
import { openHttpWay } from './http-way.ts';
import type { HttpWay, PreparedWay } from './http-way.ts';
import { httpSamples, startWatch } from './http-samples.ts';
import { judgeAnswer } from './judge-answer.ts';
import type { Judgement } from './judge-answer.ts';
import { judgeExpiry } from './judge-expiry.ts';
import { PHASES } from './probe.ts';
import type { HttpFacts, Phase, Probe, ProbeDetail, ProbePorts, ProbeResult, Reason } from './probe.ts';
import { MOST_REDIRECTS, badRedirect, isWebUrl, redirectOf, shownUrl } from './redirect.ts';
import { ProbeFailure } from './run-probe.ts';
import { excerptOf, unpackBody } from './unpack-body.ts';

/** A probe that asks a URL as `config` says and judges the answer. */
export function createHttpProbe(config: HttpCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  const { clock } = ports;
  const way = openHttpWay(config, ports);
  return {
    async run(signal): Promise<ProbeResult> {
      const elapsed = startWatch(clock);
      const phases: Record<Phase, number> = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
      const first = await firstRequest(config, ports, way, signal);
      if (first instanceof ProbeFailure) return unasked(first, config, elapsed());
      let request = first;
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
        const body = made.answer ? unpackBody(made.answer, config.bodyLimitBytes ?? undefined) : null;
        const judgement = next
          ? failed('down', badRedirect(next.url))
          : judge({ made, body, config, timeoutMs, url: request.url, signal, proxy: proxyOf(request) });
        const durationMs = elapsed();
        const finished = { made, body, url: request.url, config, phases, durationMs, redirects };
        return conclude({ ...finished, judgement: degrade(judgement, finished, clock.now()) });
      }
    },
    close: () => way.close(),
  };
}

/** What to send, with every secret put in; the failure when one cannot be read. */
async function firstRequest(
  config: HttpCheckConfig,
  { userAgent, revealSecret }: ProbePorts,
  way: HttpWay,
  signal: AbortSignal,
): Promise<ExchangeRequest | ProbeFailure> {
  const { method, insecureSkipVerify, basicAuth, authorization, compression, bodyFile } = config;
  const url = new URL(config.url);
  const headers: Record<string, string | readonly string[]> = { 'User-Agent': userAgent, Accept: '*/*' };
  let body: string | null;
  let secure: ExchangeRequest['secure'];
  let prepared: PreparedWay;
  try {
    body = bodyFile === null ? config.body : await revealOrFail(bodyFile, revealSecret);
    secure = await secureOptions(config.tls, url.hostname.replace(/^\[|\]$/g, ''), revealSecret);
    prepared = await way.prepare(signal);
    if (basicAuth !== null) {
      const { usernameFile: path } = basicAuth;
      const username =
        path === null ? basicAuth.username : (await revealOrFail({ kind: 'file', path }, revealSecret)).trim();
      const password = await revealOrFail(basicAuth.password, revealSecret);
      headers['Authorization'] = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    } else if (authorization !== null) {
      headers['Authorization'] = `${authorization.type} ${await revealOrFail(authorization.credentials, revealSecret)}`;
    }
  } catch (error) {
    if (error instanceof ProbeFailure) return error;
    if (signal.aborted)
      return new ProbeFailure('unknown', 'token', 'No token for it in time. Is the token server slow?');
    throw error;
  }
  if (compression !== null) headers['Accept-Encoding'] = compression;
  Object.assign(headers, prepared.headers, config.headers);
  if (body !== null && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-length')) {
    headers['Content-Length'] = String(Buffer.byteLength(body));
  }
  const { confidential, tunnelFor } = prepared;
  const lookUp = lookUpPreferring(config.ip);
  const mostBytes = config.bodyLimitBytes ?? undefined;
  return { url, method, headers, body, insecureSkipVerify, secure, lookUp, confidential, tunnelFor, mostBytes };
}

function failed(outcome: 'down' | 'unknown', reason: Reason): Judgement {
  return { outcome, reason, health: null, isTextFault: false };
}

/** The result of a check that could not even ask. */
function unasked({ verdict }: ProbeFailure, config: HttpCheckConfig, durationMs: number): ProbeResult {
  const phases = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  const made: Exchange = { phases, remoteAddress: null, certificate: null, answer: null, failure: null };
  const judgement: Judgement = { ...verdict, health: null, isTextFault: false };
  const url = new URL(config.url);
  return conclude({ made, body: null, url, config, phases, durationMs, redirects: 0, judgement });
}

/** A good answer that came late, or with a certificate that expires soon, is less than up. */
function degrade(judgement: Judgement, { made, url, config, durationMs }: Timed, now: number): Judgement {
  if (judgement.outcome !== 'up') return judgement;
  const { certificateExpiryMs, maxLatencyMs } = config;
  const expiry = judgeExpiry(made.certificate, certificateExpiryMs, url.host, now);
  if (expiry.outcome !== 'up') return { ...judgement, ...expiry };
  if (maxLatencyMs === null || durationMs <= maxLatencyMs) return judgement;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  const message = `${shownUrl(url)} answered after ${seconds(durationMs)}; ${seconds(maxLatencyMs)} is the limit.`;
  return { ...judgement, outcome: 'degraded', reason: { code: 'latency', message } };
}

interface Finished {
  readonly made: Exchange;
  /** Unpacked; null without an answer, and when it could not be unpacked. */
  readonly body: Buffer | null;
  readonly url: URL;
}

interface Timed extends Finished {
  readonly config: HttpCheckConfig;
  readonly durationMs: number;
}

interface Asked extends Finished {
  readonly config: HttpCheckConfig;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** `host:port` of the proxy on the way; null without one. */
  readonly proxy: string | null;
}

function judge({ made, body, config, timeoutMs, url, signal, proxy }: Asked): Judgement {
  if (made.answer) {
    const { status, headers, isCut, httpVersion } = made.answer;
    const { bodyLimitBytes } = config;
    if (bodyLimitBytes !== null && (isCut || (body?.length ?? 0) > bodyLimitBytes)) {
      const message = `The answer of ${shownUrl(url)} is longer than ${String(bodyLimitBytes)} bytes (body_size_limit).`;
      return failed('down', { code: 'size', message });
    }
    if (body === null) {
      const encoding = headers['content-encoding'] ?? '';
      const message = `The answer of ${shownUrl(url)} is said to be ${encoding} and cannot be unpacked.`;
      return failed('down', { code: 'encoding', message });
    }
    const isSecure = url.protocol === 'https:';
    const answer = { status, httpVersion, isSecure, headers, text: body.toString('utf8'), isCut };
    return judgeAnswer(answer, config, shownUrl(url));
  }
  if (signal.aborted) {
    const isTimeout = (signal.reason as { name?: string } | undefined)?.name === 'TimeoutError';
    if (!isTimeout) return failed('unknown', { code: 'aborted', message: 'The check was interrupted.' });
    return failed('down', { code: 'timeout', message: describeTimeout(made.failure?.phase, url, timeoutMs) });
  }
  if (proxy !== null) {
    const fault = judgeProxy(made.failure, proxy, url);
    if (fault !== null) return fault;
  }
  const { code, message, side } = explainNetworkError(made.failure?.error, url.host);
  return failed(side === 'ours' ? 'unknown' : 'down', { code, message });
}

/** What a proxy says of the server behind it counts; that it cannot be reached, or refuses us, says nothing of the server. */
function judgeProxy(failure: Exchange['failure'], proxy: string, url: URL): Judgement | null {
  const { error, phase } = failure ?? {};
  if (phase !== 'resolve' && phase !== 'connect') return null;
  if (error instanceof ProxyRefusal && error.status !== null && error.status >= 500) {
    return failed('down', { code: 'proxy', message: `${url.host} is not reached: ${error.message}.` });
  }
  const reason = error instanceof ProxyUnreachable ? error.reason : error;
  const message =
    reason instanceof ProxyRefusal ? `${reason.message}.` : explainNetworkError(reason, `the proxy ${proxy}`).message;
  return failed('unknown', { code: 'proxy', message: `Nothing can be said about ${url.host}: ${message}` });
}

function proxyOf({ tunnelFor, url }: ExchangeRequest): string | null {
  return tunnelFor?.(url)?.proxy.host ?? null;
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

interface Concluded extends Timed {
  readonly judgement: Judgement;
  readonly phases: Readonly<Record<Phase, number>>;
  readonly redirects: number;
}

function conclude({ made, body, url, judgement, phases, durationMs, redirects }: Concluded): ProbeResult {
  const { outcome, reason, health, isTextFault } = judgement;
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
  const samples = httpSamples({
    outcome,
    durationMs,
    phases,
    http,
    certificate,
    health,
    contentLength,
    lastModified: Date.parse(answer?.headers['last-modified'] ?? ''),
    isTextFault,
  });
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
