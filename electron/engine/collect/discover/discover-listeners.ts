import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createDockerNames } from '../host/docker-names.ts';
import { loadSystemInformation } from '../host/system-information.ts';
import type { SystemInformation } from '../host/system-information.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { DiscoveredService, Listener } from './discovery.ts';
import { listLinuxListeners, loopbackAddressOf } from './linux-listeners.ts';
import { recogniseService } from './recognise-service.ts';

export interface DiscoverOptions {
  readonly clock: Clock;
  /** Ports that are this program's own, or watched already. */
  readonly excludePorts?: readonly number[];
  readonly platform?: NodeJS.Platform;
  readonly root?: string;
  readonly systemInformation?: () => Promise<SystemInformation>;
  /** Longest time that one port is probed, in milliseconds. */
  readonly portBoundMs?: number;
  readonly signal?: AbortSignal;
}

const PORT_BOUND_MS = 1500;
const CONCURRENT_PORTS = 4;
/** A machine with more listeners is a server for many; the first by port are enough for a list of suggestions. */
const MOST_PORTS = 200;

/**
 * What listens on this machine and could be watched, ascending by port. Each listener is asked a few short questions,
 * on loopback only and one after another; a port that does not answer in time is listed as `unknown`.
 */
export async function discoverListeners(options: DiscoverOptions): Promise<DiscoveredService[]> {
  const listeners = (await listListeners(options))
    .filter(({ port, process: owner }) => !isExcluded(port, owner, options.excludePorts ?? []))
    .slice(0, MOST_PORTS);
  const found: DiscoveredService[] = [];
  const queue = listeners.values();
  const work = async () => {
    for (const listener of queue) {
      if (options.signal?.aborted === true) return;
      found.push(await recogniseWithin(listener, options));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_PORTS }, work));
  const docker = await findDocker(options.root ?? '/', options.clock);
  return [...docker, ...found.sort((a, b) => a.port - b.port)];
}

function isExcluded(port: number, owner: Listener['process'], excluded: readonly number[]): boolean {
  return excluded.includes(port) || owner?.pid === process.pid;
}

async function recogniseWithin(listener: Listener, options: DiscoverOptions): Promise<DiscoveredService> {
  const bound = new AbortController();
  const cancel = options.clock.after(options.portBoundMs ?? PORT_BOUND_MS, () => {
    bound.abort();
  });
  const signals = options.signal === undefined ? [bound.signal] : [bound.signal, options.signal];
  try {
    return await recogniseService(listener, { clock: options.clock, signal: AbortSignal.any(signals) });
  } finally {
    cancel();
  }
}

async function listListeners(options: DiscoverOptions): Promise<Listener[]> {
  if ((options.platform ?? process.platform) === 'linux') return listLinuxListeners(options.root ?? '/');
  const systemInformation = await (options.systemInformation ?? loadSystemInformation)();
  const byPort = new Map<number, Listener>();
  for (const {
    protocol,
    state,
    localAddress,
    localPort,
    pid,
    process: name,
  } of await systemInformation.networkConnections()) {
    const port = Number(localPort);
    const address = loopbackAddressOf(localAddress);
    if (!protocol.startsWith('tcp') || state !== 'LISTEN' || address === null || !(port > 0)) continue;
    if (!byPort.has(port)) byPort.set(port, { port, address, process: pid > 0 ? { pid, name } : null, user: null });
  }
  return [...byPort.values()].sort((a, b) => a.port - b.port);
}

const DOCKER_SOCKET = 'var/run/docker.sock';

/** Docker by its socket, and each container that it names to this user. */
async function findDocker(root: string, clock: Clock): Promise<DiscoveredService[]> {
  const socket = join(root, DOCKER_SOCKET);
  const isSocket = await stat(socket).then(
    (stats) => stats.isSocket(),
    () => false,
  );
  if (!isSocket) return [];
  const containers = [...(await createDockerNames({ socket, clock }).read()).values()];
  const shared = { port: 0, address: `/${DOCKER_SOCKET}`, process: null };
  const evidence = `socket /${DOCKER_SOCKET}, ${String(containers.length)} running`;
  return [
    { ...shared, id: 'docker', kind: 'docker', title: 'Docker', suggestion: {}, evidence },
    ...containers.map(({ name, image }): DiscoveredService => ({
      ...shared,
      id: `docker:${name}`,
      kind: 'container',
      title: name,
      suggestion: { check: { name, probes: [{ kind: 'docker', entry: { container: name } }] } },
      evidence: `container of ${image}`,
    })),
  ];
}
