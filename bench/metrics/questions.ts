import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server } from './servers.ts';
import type { Tools } from './tools.ts';

export interface Question {
  readonly label: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly medianMs: number;
  readonly cpuMs: number;
  readonly runs: number;
  readonly sizeBytes: number;
}

/** The 27 questions: instant ones at the end, ranges over all of it, and some over the last hour. */
export function questions(tools: Tools, hours: number): Question[] {
  const from = tools.startMs / 1000;
  const to = from + hours * 3600;
  const range = (start: number, step: number) => ({ start: String(start), end: String(to), step: String(step) });
  return [
    ...tools.instantQueries.map(([label, query]) => ({
      label,
      path: '/api/v1/query',
      params: { query, time: String(to - 15) },
    })),
    ...tools.rangeQueries.map(([label, query]) => ({
      label,
      path: '/api/v1/query_range',
      params: { query, ...range(from, 60) },
    })),
    ...tools.rangeQueries.slice(0, 7).map(([label, query]) => ({
      label: `${label} [last 1h]`,
      path: '/api/v1/query_range',
      params: { query, ...range(to - 3600, 15) },
    })),
  ];
}

const WARM_UP_MS = 500;
const MOST_WARM_UPS = 50;
const CLIENT_WARM_UPS = 2_000;

/** Ask until it is warm, then measure whole answers: up to `runs` times within `budgetMs`, at least three times. */
export async function answer(server: Server, question: Question, runs: number, budgetMs: number): Promise<Answered> {
  // Programs that are compiled as they run need a few more than two, which short questions have time for.
  const warmUntil = performance.now() + WARM_UP_MS;
  for (let i = 0; i < 2 || (i < MOST_WARM_UPS && performance.now() < warmUntil); i++) await ask(server, question);
  const times: number[] = [];
  const cpuBefore = server.cpuSeconds();
  const startedAt = performance.now();
  let sizeBytes = 0;
  while (times.length < runs && (times.length < 3 || performance.now() - startedAt < budgetMs)) {
    const one = await ask(server, question);
    times.push(one.ms);
    ({ sizeBytes } = one);
  }
  const cpuMs = ((server.cpuSeconds() - cpuBefore) * 1000) / times.length;
  times.sort((a, b) => a - b);
  const [low = NaN, high = NaN] = [times[(times.length - 1) >> 1], times[times.length >> 1]];
  return { medianMs: (low + high) / 2, cpuMs, runs: times.length, sizeBytes };
}

/**
 * Let this process's own HTTP client get warm at a server that is none of those compared: the first one asked would pay
 * for its compilation otherwise, a millisecond for each of the shortest answers.
 */
export async function warmUpClient(): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.end('{"status":"success"}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const body = new URLSearchParams({ query: '1' });
  for (let i = 0; i < CLIENT_WARM_UPS; i++) {
    const response = await fetch(`http://127.0.0.1:${String(port)}`, { method: 'POST', body });
    await response.arrayBuffer();
  }
  server.close();
  server.closeAllConnections();
}

async function ask(server: Server, { path, params }: Question): Promise<{ ms: number; sizeBytes: number }> {
  const body = new URLSearchParams(params);
  // VictoriaMetrics would otherwise answer repeated questions from its cache of results.
  if (server.engine === 'victoria') body.set('nocache', '1');
  const startedAt = performance.now();
  const response = await fetch(server.url + path, {
    method: 'POST',
    body,
    headers: { 'accept-encoding': 'identity' },
  });
  const bytes = await response.arrayBuffer();
  const ms = performance.now() - startedAt;
  if (!response.ok) throw new Error(`${server.engine}: ${new TextDecoder().decode(bytes).slice(0, 300)}`);
  return { ms, sizeBytes: bytes.byteLength };
}
