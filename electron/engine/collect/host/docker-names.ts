import { request } from 'node:http';
import type { Clock } from '../../schedule/clock.ts';
import type { ContainerName } from './linux/containers.ts';

export interface DockerNames {
  /** What Docker (or Podman behind the same socket) calls its containers, by id; empty where it may not be asked. */
  read(): Promise<ReadonlyMap<string, ContainerName>>;
}

const ASK_EVERY_MS = 60_000;
const TIMEOUT_MS = 2000;
const MOST_BYTES = 8 * 1024 * 1024;

/** Remembers the answer for a minute: containers come and go more slowly than they are measured. */
export function createDockerNames(options: { readonly socket: string; readonly clock: Clock }): DockerNames {
  const { socket, clock } = options;
  let known: ReadonlyMap<string, ContainerName> = new Map();
  let askAt = -Infinity;
  return {
    async read() {
      if (clock.monotonic() < askAt) return known;
      askAt = clock.monotonic() + ASK_EVERY_MS;
      const answer = await askContainers(socket, clock);
      known = answer === null ? new Map() : parseDockerContainers(answer);
      return known;
    },
  };
}

/** The answer to GET /containers/json: an array of objects with `Id`, `Names` and `Image`. Source: Docker Engine API. */
export function parseDockerContainers(text: string): Map<string, ContainerName> {
  const names = new Map<string, ContainerName>();
  const list = parseJson(text);
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    if (!isRecord(entry) || typeof entry['Id'] !== 'string') continue;
    const [first] = Array.isArray(entry['Names']) ? (entry['Names'] as unknown[]) : [];
    const image = typeof entry['Image'] === 'string' ? entry['Image'] : '';
    if (typeof first === 'string') names.set(entry['Id'], { name: first.replace(/^\//, ''), image });
  }
  return names;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Null when nobody listens there, this user may not ask, or the answer takes too long. */
function askContainers(socketPath: string, clock: Clock): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/containers/json', headers: { Host: 'localhost' } });
    const cancel = clock.after(TIMEOUT_MS, () => {
      asked.destroy();
    });
    const settle = (answer: string | null) => {
      cancel();
      asked.destroy();
      resolve(answer);
    };
    asked.on('response', (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on('data', (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length > MOST_BYTES) settle(null);
      });
      response.on('end', () => {
        settle(response.statusCode === 200 ? Buffer.concat(parts).toString('utf8') : null);
      });
      response.on('error', () => {
        settle(null);
      });
    });
    asked.on('error', () => {
      settle(null);
    });
    asked.on('close', () => {
      settle(null);
    });
    asked.end();
  });
}
