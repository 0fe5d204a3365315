import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateStore, type StateStore } from '../../../../electron/engine/store/state/index.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';

const DAY = 86_400_000;
const key = { groupKey: '{}:{alertname="A"}', receiver: 'desk', channel: 'webhook[0]' };
const message = { ...key, at: 1000, status: 'firing' as const, alerts: ['A'], firing: ['f1'], resolved: [] };

let folder: string;
let file: string;
const open: StateStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-state-'));
  file = join(folder, 'state.db');
});
afterEach(() => {
  for (const store of open.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

function openStore(nowMs = 10_000) {
  const logged: string[] = [];
  const clock = createManualClock(nowMs);
  const store = openStateStore({ file, clock, log: (_level, text) => void logged.push(text) });
  open.push(store);
  return { store, clock, logged };
}

describe('the state store', () => {
  it('remembers what was told, in one step with the delivery', () => {
    const { store } = openStore();
    const id = store.deliveries.begin(message);
    expect(store.notificationLog.get(key)).toBeNull();
    store.deliveries.finish(id, { at: 1500, outcome: 'delivered', words: 'HTTP 200', isTold: true });
    store.close();
    const again = openStore().store;
    expect(again.notificationLog.get(key)).toEqual({ ...key, at: 1500, firing: ['f1'], resolved: [] });
    expect(again.deliveries.list(10)).toMatchObject([{ outcome: 'delivered', finishedAt: 1500, words: 'HTTP 200' }]);
  });

  it('makes a message that was being sent a doubt that is logged and not sent again', () => {
    const { store } = openStore();
    store.deliveries.begin(message);
    store.close();
    const { store: again, logged } = openStore();
    expect(again.doubts).toMatchObject([{ receiver: 'desk', alerts: ['A'] }]);
    expect(logged).toEqual([expect.stringContaining('may or may not have arrived')]);
    expect(again.deliveries.list(1)).toMatchObject([{ outcome: 'doubt' }]);
    expect(again.notificationLog.get(key)).toMatchObject({ firing: ['f1'] });
  });

  it('lets a message that was between two attempts be sent again', () => {
    const { store } = openStore();
    store.deliveries.wait(store.deliveries.begin(message), 'HTTP 500');
    store.close();
    const { store: again } = openStore();
    expect(again.doubts).toEqual([]);
    expect(again.deliveries.list(1)).toMatchObject([{ outcome: 'failed', words: 'HTTP 500' }]);
    expect(again.notificationLog.get(key)).toBeNull();
  });

  it('keeps the history of alerts and finds what overlaps a range', () => {
    const { store } = openStore();
    const alert = {
      fingerprint: 'f1',
      ruleId: 'r',
      labels: { alertname: 'A' },
      annotations: { summary: 's' },
      value: 93,
    };
    store.episodes.begin({ ...alert, firedAt: 1000 });
    store.episodes.begin({ ...alert, firedAt: 1100 });
    store.episodes.end('f1', { at: 2000, annotations: { summary: 'later' }, value: 99 });
    store.episodes.begin({ ...alert, value: NaN, firedAt: 5000 });
    expect(store.episodes.list({ fromMs: 0, toMs: 9000, limit: 10 })).toEqual([
      { ...alert, value: null, firedAt: 5000, resolvedAt: null },
      { ...alert, annotations: { summary: 'later' }, value: 99, firedAt: 1000, resolvedAt: 2000 },
    ]);
    expect(store.episodes.list({ fromMs: 2500, toMs: 4000, limit: 10 })).toEqual([]);
    expect(store.episodes.list({ fromMs: 1500, toMs: 1600, limit: 10 })).toHaveLength(1);
  });

  it('remembers facts', () => {
    const { store } = openStore();
    store.facts.set('muted-until', '5');
    store.facts.set('muted-until', '6');
    expect(store.facts.get('muted-until')).toBe('6');
    store.facts.remove('muted-until');
    expect(store.facts.get('muted-until')).toBeNull();
  });

  it('drops what is older than 90 days, but no alert that still fires', () => {
    const { store } = openStore();
    const alert = { ruleId: 'r', labels: {}, annotations: {}, value: 1, firedAt: 1000 };
    store.episodes.begin({ ...alert, fingerprint: 'over' });
    store.episodes.end('over', { at: 2000, annotations: {}, value: 1 });
    store.episodes.begin({ ...alert, fingerprint: 'firing' });
    store.deliveries.finish(store.deliveries.begin(message), {
      at: 1000,
      outcome: 'delivered',
      words: null,
      isTold: true,
    });
    store.close();
    const { store: later } = openStore(100 * DAY);
    expect(later.deliveries.list(10)).toEqual([]);
    expect(later.notificationLog.get(key)).toBeNull();
    expect(
      later.episodes.list({ fromMs: 0, toMs: 100 * DAY, limit: 10 }).map(({ fingerprint }) => fingerprint),
    ).toEqual(['firing']);
  });

  it('has every row that was written before a kill -9', async () => {
    const script = `
      import { openStateStore } from ${JSON.stringify(new URL('../../../../electron/engine/store/state/index.ts', import.meta.url).href)};
      import { systemClock } from ${JSON.stringify(new URL('../../../../electron/engine/schedule/index.ts', import.meta.url).href)};
      const store = openStateStore({ file: process.argv[1], clock: systemClock, log: () => undefined });
      const message = ${JSON.stringify(message)};
      store.deliveries.finish(store.deliveries.begin({ ...message, at: 20_000 }), { at: 20_000, outcome: 'delivered', words: null, isTold: true });
      store.deliveries.begin({ ...message, at: 20_000, channel: 'desktop[0]' });
      process.kill(process.pid, 'SIGKILL');
    `;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script, file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
    const signal = await new Promise((resolve) => child.once('exit', (_code, by) => resolve(by)));
    expect(`${String(signal)}${complaint}`).toBe('SIGKILL');
    const { store } = openStore(30_000);
    expect(store.doubts.map(({ channel }) => channel)).toEqual(['desktop[0]']);
    expect(store.notificationLog.get(key)).toMatchObject({ firing: ['f1'] });
  });
});
