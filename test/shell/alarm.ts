import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalServer, startServer } from '../doubles/http-server.ts';

/** A target whose metric a test switches on and off, and the configuration in which that fires a critical alert. */
export interface Alarm {
  /** `--config` and `--data`, and a free port. */
  readonly args: readonly string[];
  readonly dataDirectory: string;
  /** The same configuration as texts, for hosts that make their own folder. */
  readonly configText: string;
  readonly files: Readonly<Record<string, string>>;
  readonly target: LocalServer;
  ring(level: 'off' | 'warning' | 'critical'): void;
  remove(): Promise<void>;
}

const LEVELS = { off: 0, warning: 1, critical: 2 } as const;
/** What a hostile exporter could put into a label: a line end, a bell, and a mark that turns the text around. */
const HOSTILE = 'line\\nend\u0007 \u202eturned';

export async function startAlarm(): Promise<Alarm> {
  let level: number = LEVELS.off;
  const target = await startServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`alarm{place="${HOSTILE}"} ${level}\n`);
  });
  const directory = mkdtempSync(join(tmpdir(), 'alarm-'));
  const dataDirectory = join(directory, 'data');
  mkdirSync(dataDirectory);
  writeFileSync(join(directory, 'rules.yml'), RULES);
  const configText = configuration(target.address);
  writeFileSync(join(directory, 'vedette.yml'), configText);
  return {
    args: ['--config', join(directory, 'vedette.yml'), '--data', dataDirectory, '--listen', '127.0.0.1:0'],
    dataDirectory,
    configText,
    files: { 'rules.yml': RULES },
    target,
    ring(next) {
      level = LEVELS[next];
    },
    async remove() {
      await target.close();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

const RULES = `
groups:
  - name: alarm
    interval: 1s
    rules:
      - alert: AlarmRings
        expr: alarm > 1
        labels: {severity: critical}
        annotations: {summary: 'Fire in the {{ $labels.place }}'}
      - alert: AlarmHums
        expr: alarm == 1
        labels: {severity: warning}
        annotations: {summary: 'A hum in the {{ $labels.place }}'}
`;

function configuration(address: string): string {
  return `
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
host: {enabled: false}
rule_files: [rules.yml]
scrape_configs:
  - {job_name: alarm, static_configs: [{targets: ['${address}']}]}
alertmanager:
  route: {receiver: desk, group_by: [alertname], group_wait: 0s, group_interval: 1s}
  receivers: [{name: desk, desktop_configs: [{}]}]
`;
}
