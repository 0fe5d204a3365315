import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real program of the Prometheus family on a free port of loopback. */
export interface Exporter {
  /** `127.0.0.1:port`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Debian's prometheus-node-exporter. */
export function startNodeExporter(): Promise<Exporter> {
  return start('/usr/bin/prometheus-node-exporter', ['--web.listen-address=127.0.0.1:0'], () => undefined);
}

/**
 * Debian's prometheus, with its receiver of remote write switched on.
 *
 * @param config the text of prometheus.yml
 * @param port on loopback; 0 takes a free one
 */
export function startPrometheus(
  config = 'global: {scrape_interval: 1h}',
  port = 0,
  flags: readonly string[] = [],
): Promise<Exporter> {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-prometheus-'));
  writeFileSync(join(folder, 'prometheus.yml'), config);
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--web.enable-remote-write-receiver',
    '--enable-feature=promql-per-step-stats',
    `--web.listen-address=127.0.0.1:${String(port)}`,
    ...flags,
  ];
  return start('/usr/bin/prometheus', args, () => {
    rmSync(folder, { recursive: true, force: true });
  });
}

/** Debian's prometheus-blackbox-exporter. @param config the path of its configuration */
export function startBlackboxExporter(config: string): Promise<Exporter> {
  const args = [`--config.file=${config}`, '--web.listen-address=127.0.0.1:0'];
  return start('/usr/bin/prometheus-blackbox-exporter', args, () => undefined);
}

/** These programs log the address that they were given, which tells both the port and that they are ready. */
async function start(program: string, args: readonly string[], cleanUp: () => void): Promise<Exporter> {
  if (!existsSync(program)) throw new Error(`${program} is not installed; \`npm test\` installs it where it may.`);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /msg="Listening on" address=(\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('error', reject);
    void ended.then(() => {
      reject(new Error(`${program} ended: ${output}`));
    });
  });
  return {
    address,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      cleanUp();
    },
  };
}

/** Debian's prometheus-alertmanager, without a cluster, on a folder that the caller keeps. */
export async function startAlertmanager(folder: string, config: string, port: number): Promise<Exporter> {
  writeFileSync(join(folder, 'alertmanager.yml'), config);
  const args = [
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${String(port)}`,
    '--cluster.listen-address=',
  ];
  return start('/usr/bin/prometheus-alertmanager', args, () => undefined);
}
