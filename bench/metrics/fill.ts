import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../electron/engine/schedule/clock.ts';
import { openMetricStore } from '../../electron/engine/store/metrics/index.ts';
import { labelsFromRecord } from '../../shared/model/labels.ts';
import { type Engine, startServer } from './servers.ts';
import type { Tools } from './tools.ts';

export interface Filled {
  readonly folder: string;
  readonly samples: number;
  /** Since the last run, when the data was there already. */
  readonly seconds: number | null;
}

const TARGETS = 10;

/** Put the same history into a server's folder; one that an earlier run has filled is used as it is. */
export async function fill(engine: Engine, tools: Tools, hours: number, workFolder: string): Promise<Filled> {
  const folder = join(workFolder, `${engine}-${String(hours)}h`);
  const samples = countSamples(tools, hours);
  if (existsSync(join(folder, 'filled'))) return { folder, samples, seconds: null };
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const before = performance.now();
  if (engine === 'vedette') fillVedette(tools, hours, partial);
  else if (engine === 'prometheus') await fillPrometheus(tools, hours, partial);
  else await fillVictoria(tools, hours, partial);
  writeFileSync(join(partial, 'filled'), '');
  renameSync(partial, folder);
  return { folder, samples, seconds: (performance.now() - before) / 1000 };
}

/** One target is away for ten minutes in the course of a day. */
function countSamples(tools: Tools, hours: number): number {
  const steps = tools.data(1).stepsFor(hours);
  const away = Math.max(0, Math.min(steps, 2040) - 2000);
  return (TARGETS * steps - away) * 1000;
}

function fillVedette(tools: Tools, hours: number, folder: string): void {
  let nowMs = tools.startMs;
  const store = openMetricStore({
    file: join(folder, 'metrics.db'),
    log: (level, message) => {
      console.error(level, message);
    },
    clock: { ...systemClock, now: () => nowMs },
    retention: { maxAgeMs: Infinity, maxSizeBytes: Infinity },
  });
  const data = tools.data(TARGETS);
  const refs = data.targets.map(({ series }) =>
    series.map(({ name, labels }) => store.ref(labelsFromRecord({ __name__: name, ...labels }))),
  );
  for (let step = data.stepsFor(hours); step > 0; step--) {
    data.advance();
    for (const [t, { series, tsMs, down }] of data.targets.entries()) {
      if (down) continue;
      nowMs = tsMs;
      for (const [s, { value }] of series.entries()) store.append(refs[t]?.[s] ?? 0, tsMs, value);
    }
    // As often as in service: once a second.
    for (let second = 0; second < 15; second++) store.commit();
  }
  store.close();
}

async function fillPrometheus(tools: Tools, hours: number, folder: string): Promise<void> {
  const data = tools.data(TARGETS);
  const blockSteps = data.stepsFor(2);
  const file = join(folder, 'block.txt');
  for (let step = 0, steps = data.stepsFor(hours); step < steps;) {
    rmSync(file, { force: true });
    for (let end = Math.min(steps, step + blockSteps); step < end;) {
      let text = '';
      for (let i = 0; i < 10 && step < end; i++, step++) {
        data.advance();
        text += tools.text(data, 'om');
      }
      writeFileSync(file, text, { flag: 'a' });
    }
    writeFileSync(file, '# EOF\n', { flag: 'a' });
    execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '-q', file, join(folder, 'data')]);
  }
  rmSync(file);
  await settlePrometheus(folder);
}

/** It merges blocks a minute after its start and then at every further minute. */
async function settlePrometheus(folder: string): Promise<void> {
  const server = await startServer('prometheus', folder);
  const blocks = (): string =>
    readdirSync(join(folder, 'data'))
      .filter((name) => /^[0-9A-Z]{26}$/.test(name))
      .join();
  let before = '';
  await wait(70_000);
  while (before !== blocks()) {
    before = blocks();
    await wait(15_000);
  }
  await server.stop();
}

async function fillVictoria(tools: Tools, hours: number, folder: string): Promise<void> {
  const server = await startServer('victoria', folder);
  const data = tools.data(TARGETS);
  for (let step = 0, steps = data.stepsFor(hours); step < steps;) {
    let body = '';
    for (let i = 0; i < 20 && step < steps; i++, step++) {
      data.advance();
      body += tools.text(data, 'vm');
    }
    const answer = await fetch(`${server.url}/api/v1/import/prometheus`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`VictoriaMetrics refused the data: ${await answer.text()}`);
  }
  await fetch(`${server.url}/internal/force_flush`);
  await fetch(`${server.url}/internal/force_merge`);
  await wait(5000);
  await server.stop();
}

/** What the history takes on the disk. */
export function sizeOf(engine: Engine, folder: string): number {
  if (engine === 'vedette') return statSync(join(folder, 'metrics.db')).size;
  const data = join(folder, 'data');
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .filter(({ parentPath }) => engine === 'victoria' || /[0-9A-Z]{26}/.test(parentPath))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
