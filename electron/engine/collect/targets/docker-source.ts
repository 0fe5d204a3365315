import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { DockerDiscoveryConfig } from '../../config/discovery-config.ts';
import { createHttpClient } from '../http/http-client.ts';
import { readBody } from '../http/read-body.ts';
import { explainNetworkError } from '../network-problem.ts';
import { dockerTargets } from './docker-targets.ts';
import type { DockerContainer, DockerNetwork } from './docker-targets.ts';
import { repeatLook } from './repeat-look.ts';
import type { SourceLook, SourceOptions, TargetSource } from './target-source.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/** The containers of a Docker daemon, asked over its socket or over HTTP. Source: Docker Engine API, "ContainerList". */
export function startDockerSource(config: DockerDiscoveryConfig, options: SourceOptions): TargetSource {
  const client = createHttpClient(config.client, options, 1);
  const socketPath = /^(?:unix|npipe):\/\/(.+)$/.exec(config.host)?.[1] ?? null;
  const base = socketPath === null ? webAddress(config) : 'http://docker';

  async function ask(path: string, signal: AbortSignal): Promise<unknown> {
    const url = new URL(path, `${base}/`);
    const prepared = await client.prepare(url.href, signal);
    if (!prepared.ok) throw new DockerFault(`${config.host} was not asked: ${prepared.message}`);
    const isSecure = url.protocol === 'https:';
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const request = (isSecure ? httpsRequest : httpRequest)(url, {
      signal,
      headers: { Accept: 'application/json', 'User-Agent': options.userAgent, ...prepared.headers },
      ...(socketPath === null
        ? { agent: isSecure ? prepared.httpsAgent : prepared.httpAgent }
        : { socketPath, agent: false }),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      readBody(response, MOST_BYTES, signal).then((reading) => {
        if (!reading.ok) reject(new DockerFault(`${config.host} answered more than ${String(MOST_BYTES)} bytes.`));
        else if (response.statusCode === 200) resolve(reading.body.toString('utf8'));
        else {
          const said = reading.body.toString('utf8').slice(0, 200).trim();
          reject(new DockerFault(`${config.host} answered ${String(response.statusCode)} to ${url.pathname}: ${said}`));
        }
      }, reject);
    });
    request.end();
    return JSON.parse(await promise);
  }

  async function look(signal: AbortSignal): Promise<SourceLook> {
    try {
      const filters =
        Object.keys(config.filters).length === 0 ? '' : encodeURIComponent(JSON.stringify(config.filters));
      const containers = await ask(`containers/json${filters === '' ? '' : `?filters=${filters}`}`, signal);
      const networks = await ask('networks', signal);
      if (!Array.isArray(containers) || !Array.isArray(networks)) {
        return { ok: false, message: `${config.host} does not answer as Docker does.` };
      }
      // The shape is Docker's word; what is missing of it is met below by optional parts.
      const targets = dockerTargets(containers as DockerContainer[], networks as DockerNetwork[], config);
      return { ok: true, groups: [{ targets, labels: {} }] };
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof DockerFault) return { ok: false, message: error.message };
      if (error instanceof SyntaxError) return { ok: false, message: `${config.host} answered no JSON.` };
      return { ok: false, message: describeFault(error, config.host, socketPath) };
    }
  }

  return repeatLook({
    ...options,
    kind: 'docker',
    name: config.host,
    intervalMs: config.refreshIntervalMs,
    look,
    onStop: () => client.close(),
  });
}

/** An answer that is of no use; the message is for people. */
class DockerFault extends Error {}

/** `tcp` speaks TLS where certificates are configured. Source: Docker's client, `ParseHostURL`. */
function webAddress({ host, client: { tls } }: DockerDiscoveryConfig): string {
  if (!host.startsWith('tcp://')) return host.replace(/\/$/, '');
  const isSecure = tls.ca !== null || tls.caFile !== null || tls.cert !== null || tls.certFile !== null;
  return host.replace(/^tcp:/, isSecure ? 'https:' : 'http:').replace(/\/$/, '');
}

function describeFault(error: unknown, host: string, socketPath: string | null): string {
  const { code } = error as NodeJS.ErrnoException;
  if (socketPath !== null && code === 'EACCES') {
    return `The Docker socket ${socketPath} may not be opened by this user. Add the user to the group "docker".`;
  }
  if (socketPath !== null && code === 'ENOENT') return `There is no Docker socket ${socketPath}. Does Docker run?`;
  return explainNetworkError(error, host).message;
}
