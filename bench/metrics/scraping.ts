import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, type Engine, type Server, startServer } from './servers.ts';
import type { Tools } from './tools.ts';

export interface Scraped {
  readonly engine: Engine;
  readonly samples: number;
  readonly cpuSeconds: number;
  /** Resident: without anything to do, and at the end. */
  readonly idleMb: number;
  readonly grownMb: number;
}

const TARGETS = 10;

/**
 * Let all servers scrape the same ten targets side by side from one exposition server, and tell what it cost each.
 *
 * @param scale 1 for 10,000 series, 10 for 100,000
 */
export async function scrapeAll(
  engines: readonly Engine[],
  tools: Tools,
  scale: number,
  intervalSeconds: number,
  seconds: number,
  workFolder: string,
): Promise<Scraped[]> {
  const port = await freePort();
  const server = join(tools.folder, 'exposition-server.mjs');
  const args = ['--port', port, '--targets', TARGETS, '--scale', scale, '--tick', intervalSeconds].map(String);
  const exposition = spawn(process.execPath, [server, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(exposition.stdout, 'data');
  const urls = Array.from({ length: TARGETS }, (_, i) => `http://127.0.0.1:${String(port)}/t/${String(i)}/metrics`);
  const results: Scraped[] = [];
  try {
    const running: { server: Server; folder: string; idleMb: number }[] = [];
    for (const engine of engines) {
      const idleMb = await idleMemory(engine, workFolder);
      const folder = join(workFolder, `${engine}-scraping`);
      rmSync(folder, { recursive: true, force: true });
      running.push({ server: await startServer(engine, folder, { urls, intervalSeconds }), folder, idleMb });
    }
    // The first scrapes make the series; the bar is about those that follow.
    await wait(Math.max(3, intervalSeconds * 2) * 1000);
    const before = await Promise.all(
      running.map(async ({ server: one }) => [one.cpuSeconds(), await scrapes(one)] as const),
    );
    await wait(seconds * 1000);
    for (const [i, { server: one, folder, idleMb }] of running.entries()) {
      const [cpuBefore = 0, scrapesBefore = 0] = before[i] ?? [];
      const cpuSeconds = one.cpuSeconds() - cpuBefore;
      const samples = ((await scrapes(one)) - scrapesBefore) * 1000 * scale;
      results.push({ engine: one.engine, samples, cpuSeconds, idleMb, grownMb: one.memory().nowMb - idleMb });
      await one.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  } finally {
    exposition.kill('SIGTERM');
  }
  return results;
}

/** How many scrapes are in its history, by its own account. */
async function scrapes(server: Server): Promise<number> {
  const query = 'sum(count_over_time(up{job=~"demo.*"}[1h]))';
  const response = await fetch(`${server.url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

async function idleMemory(engine: Engine, workFolder: string): Promise<number> {
  const folder = join(workFolder, `${engine}-idle`);
  rmSync(folder, { recursive: true, force: true });
  const server = await startServer(engine, folder);
  await wait(3000);
  const { nowMb } = server.memory();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  return nowMb;
}
