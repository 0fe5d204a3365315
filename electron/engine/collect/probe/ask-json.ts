import type { Secret, TlsSetting } from '../../config/index.ts';
import type { Clock } from '../../schedule/index.ts';
import type { RevealSecret } from '../reveal-secret.ts';
import { secureOptions } from './connect.ts';
import { exchange } from './exchange.ts';
import { PHASES } from './probe.ts';
import { ProbeFailure } from './run-probe.ts';
import type { ProbeRun } from './run-probe.ts';
import { unpackBody } from './unpack-body.ts';

/** An API over HTTP, and who asks it. */
export interface JsonApi {
  readonly url: string;
  readonly user: string | null;
  readonly password: Secret | null;
  readonly tls: TlsSetting;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  /** Null when the answer is no JSON. */
  readonly json: unknown;
}

export type AskApi = (path: string) => Promise<ApiAnswer>;

export async function openJsonApi(
  api: JsonApi,
  run: ProbeRun,
  ports: { readonly clock: Clock; readonly userAgent: string; readonly revealSecret: RevealSecret },
): Promise<AskApi> {
  const secret = api.password === null ? null : await ports.revealSecret(api.password);
  if (secret?.ok === false) throw new ProbeFailure('unknown', 'secret', secret.message);
  const base = new URL(api.url);
  const user = api.user ?? decodeURIComponent(base.username);
  const password = secret?.value ?? decodeURIComponent(base.password);
  base.username = '';
  base.password = '';
  const headers: Record<string, string> = { 'User-Agent': ports.userAgent, Accept: 'application/json' };
  if (user !== '') headers['Authorization'] = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const secure = await secureOptions(api.tls, base.hostname.replace(/^\[|\]$/g, ''), ports.revealSecret);

  return async (path) => {
    const url = new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
    run.awaited = `did not answer ${url.pathname}`;
    const made = await exchange(
      { url, method: 'GET', headers, body: null, insecureSkipVerify: api.tls.insecureSkipVerify, secure },
      ports.clock,
      run.signal,
    );
    for (const phase of PHASES) run.phases[phase] += made.phases[phase];
    run.remoteAddress = made.remoteAddress;
    run.certificate = made.certificate;
    if (made.answer === null) throw asError(made.failure?.error);
    const text = unpackBody(made.answer)?.toString('utf8') ?? '';
    return { status: made.answer.status, text, json: parseJson(text) };
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(`The request failed: ${String(error)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
