import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export type Engine = 'vedette' | 'prometheus' | 'victoria';
export const ENGINES: readonly Engine[] = ['vedette', 'prometheus', 'victoria'];

/** A server that runs by itself on loopback, started by hand and ended by its process id. */
export interface Server {
  readonly engine: Engine;
  readonly url: string;
  /** Of all its threads since its start. */
  cpuSeconds(): number;
  /** Resident now, and the most since the start or since {@link resetPeak}. */
  memory(): { nowMb: number; peakMb: number };
  resetPeak(): void;
  stop(): Promise<void>;
}

export interface Scrapes {
  readonly urls: readonly string[];
  readonly intervalSeconds: number;
}

/** @param folder for its data and its log; what is there already is used */
export async function startServer(engine: Engine, folder: string, scrapes: Scrapes | null = null): Promise<Server> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const config = join(folder, 'scrape.yml');
  writeFileSync(config, scrapeConfig(engine, scrapes));
  const url = `http://127.0.0.1:${String(port)}`;
  const [file, ...args] = command(engine, folder, config, port);
  const log = openSync(join(folder, 'server.log'), 'a');
  const env = { ...process.env, ...(engine === 'vedette' ? { MALLOC_ARENA_MAX: '1' } : {}) };
  const child = spawn(file, args, { stdio: ['ignore', log, log], env });
  child.once('error', (error) => console.error(`${file}: ${error.message}`));
  await untilReady(url, child, folder);
  return { engine, url, ...measured(child), stop: () => stop(child) };
}

function command(engine: Engine, folder: string, config: string, port: number): [string, ...string[]] {
  const address = `127.0.0.1:${String(port)}`;
  switch (engine) {
    case 'vedette': {
      const program = fileURLToPath(new URL('../../electron/vedette.mjs', import.meta.url));
      // As the first line of the launcher starts it.
      return [
        ...([process.execPath, '--max-semi-space-size=1', program, 'serve', '--config', config] as const),
        ...['--data', folder, '--listen', address],
      ];
    }
    case 'prometheus':
      return [
        ...(['prometheus', `--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`] as const),
        ...['--storage.tsdb.retention.time=20y', `--web.listen-address=${address}`, '--query.timeout=5m'],
        ...['--query.max-samples=200000000', `--web.console.templates=${folder}`, `--web.console.libraries=${folder}`],
      ];
    case 'victoria':
      return [
        ...(['victoria-metrics', `-storageDataPath=${join(folder, 'data')}`, `-httpListenAddr=${address}`] as const),
        ...['-retentionPeriod=100y', '-search.latencyOffset=0s', `-promscrape.config=${config}`],
        '-search.maxUniqueTimeseries=1000000',
      ];
  }
}

function scrapeConfig(engine: Engine, scrapes: Scrapes | null): string {
  const own =
    engine === 'vedette' ? 'host: {enabled: false}\nretention: {metrics: {raw: 20y, size: 100GB}}\n' : 'global: {}\n';
  if (scrapes === null) return `${own}scrape_configs: []\n`;
  const seconds = `${String(scrapes.intervalSeconds)}s`;
  const jobs = scrapes.urls.map((text, i) => {
    const { host, pathname } = new URL(text);
    const target = `{targets: ['${host}'], labels: {instance: 'host-${String(i).padStart(2, '0')}:9100'}}`;
    return [
      `- job_name: demo${String(i)}`,
      `  scrape_interval: ${seconds}`,
      `  scrape_timeout: ${seconds}`,
      `  metrics_path: ${pathname}`,
      `  static_configs: [${target}]`,
    ].join('\n');
  });
  return `${own}scrape_configs:\n${jobs.join('\n')}\n`;
}

async function untilReady(url: string, child: ChildProcess, folder: string): Promise<void> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    if (child.exitCode !== null) {
      throw new Error(`it ended at its start:\n${readFileSync(join(folder, 'server.log'), 'utf8').slice(-2000)}`);
    }
    const answer = await fetch(`${url}/api/v1/query?query=1`).catch(() => null);
    const isOk = answer?.ok === true;
    await answer?.arrayBuffer();
    if (isOk) return;
    await wait(100);
  }
  throw new Error(`${url} does not become ready`);
}

function measured(child: ChildProcess): Pick<Server, 'cpuSeconds' | 'memory' | 'resetPeak'> {
  const proc = `/proc/${String(child.pid)}`;
  const megabytes = (status: string, name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) / 1024;
  return {
    cpuSeconds() {
      const text = readFileSync(`${proc}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    memory() {
      const status = readFileSync(`${proc}/status`, 'utf8');
      return { nowMb: megabytes(status, 'VmRSS'), peakMb: megabytes(status, 'VmHWM') };
    },
    resetPeak() {
      writeFileSync(`${proc}/clear_refs`, '5');
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
