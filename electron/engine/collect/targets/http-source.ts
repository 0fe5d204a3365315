import axios from 'axios';
import type { Readable } from 'node:stream';
import type { HttpDiscoveryConfig } from '../../config/discovery-config.ts';
import { createHttpClient } from '../http/http-client.ts';
import { readBody } from '../http/read-body.ts';
import { withoutSecrets } from '../http/redirects.ts';
import { explainNetworkError } from '../network-problem.ts';
import { readTargetGroups } from './read-target-groups.ts';
import { repeatLook } from './repeat-look.ts';
import type { SourceLook, SourceOptions, TargetSource } from './target-source.ts';

const MOST_BYTES = 64 * 1024 * 1024;
/** Source: Prometheus, discovery/http, `matchContentType`. */
const JSON_TYPE = /^application\/json(?:;\s*charset=(?:"utf-8"|utf-8))?$/i;

/** Targets that a server lists as JSON. Source: Prometheus manual, "HTTP SD". */
export function startHttpSource(config: HttpDiscoveryConfig, options: SourceOptions): TargetSource {
  const client = createHttpClient(config.client, options, 1);
  const { host } = new URL(config.url);
  const shownUrl = hidePassword(config.url);

  async function look(signal: AbortSignal): Promise<SourceLook> {
    const prepared = await client.prepare(config.url, signal);
    if (!prepared.ok) return { ok: false, message: `${shownUrl} was not asked: ${prepared.message}` };
    try {
      const response = await axios.request<Readable>({
        url: config.url,
        method: 'get',
        adapter: 'http',
        responseType: 'stream',
        validateStatus: null,
        proxy: false,
        ...withoutSecrets(config.client.followRedirects, prepared.confidential),
        signal,
        httpAgent: prepared.httpAgent,
        httpsAgent: prepared.httpsAgent,
        headers: {
          Accept: 'application/json',
          'User-Agent': options.userAgent,
          'X-Prometheus-Refresh-Interval-Seconds': String(config.refreshIntervalMs / 1000),
          ...prepared.headers,
        },
      });
      const type = String(response.headers['content-type'] ?? '').trim();
      if (response.status !== 200 || !JSON_TYPE.test(type)) {
        response.data.destroy();
        const answer = response.status === 200 ? type || 'no Content-Type' : String(response.status);
        return { ok: false, message: `${shownUrl} answered ${answer} instead of 200 with application/json.` };
      }
      const reading = await readBody(response.data, MOST_BYTES, signal);
      if (!reading.ok) return { ok: false, message: `${shownUrl} answered more than ${String(MOST_BYTES)} bytes.` };
      const found = readTargetGroups(JSON.parse(reading.body.toString('utf8')), { __meta_url: config.url });
      return found.ok ? found : { ok: false, message: `${shownUrl} answered something else: ${found.message}.` };
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof SyntaxError)
        return { ok: false, message: `${shownUrl} answered no JSON: ${error.message}.` };
      return { ok: false, message: explainNetworkError(error, host).message };
    }
  }

  return repeatLook({
    ...options,
    kind: 'http',
    name: shownUrl,
    intervalMs: config.refreshIntervalMs,
    look,
    onStop: () => client.close(),
  });
}

function hidePassword(text: string): string {
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  return url.href;
}
