import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openPushBook } from '../../../../../electron/engine/collect/probe/push/push-book.ts';
import type { PushMemory } from '../../../../../electron/engine/collect/probe/push/push-book.ts';
import type { PushReport } from '../../../../../electron/engine/collect/probe/push/push-state.ts';
import { createManualClock } from '../../../../doubles/manual-clock.ts';
import type { ManualClock } from '../../../../doubles/manual-clock.ts';
import { makeProbe, runWithin, sample, say } from './ask.ts';
import type { RawSettings } from './ask.ts';

const TOKEN = 'a token of a job';
const token_sha256 = createHash('sha256').update(TOKEN).digest('hex');
const HOUR_MS = 3_600_000;
const success: PushReport = { signal: 'success', message: '', durationMs: null, exitCode: null };

function memory(): PushMemory & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return { texts, get: (key) => texts.get(key) ?? null, set: (key, text) => void texts.set(key, text) };
}

function start(settings: RawSettings = { every: '1h', grace: '5m' }, kept = memory(), clock = createManualClock()) {
  const pushes = openPushBook(kept, clock);
  const probe = makeProbe('push', { token_sha256, ...settings }, { ports: { clock, pushes } });
  const state = async (): Promise<string> => say(await runWithin(probe));
  return { clock, kept, pushes, probe, state };
}

async function pass(clock: ManualClock, ms: number): Promise<void> {
  await clock.run(ms);
}

describe('a job that reports', () => {
  it('is unknown until its first report is due, then down', async () => {
    const { clock, state } = start();
    expect(await state()).toMatch(/^unknown waiting: /);
    await pass(clock, HOUR_MS + 6 * 60_000);
    expect(await state()).toBe('down never: The job has never reported; its first report was due 6m ago.');
  });

  it('is up while it reports in time, and down when it is late', async () => {
    const { clock, pushes, state } = start();
    await state();
    expect(pushes.report(TOKEN, success)).toBe(true);
    expect(await state()).toBe('up');
    await pass(clock, HOUR_MS + 4 * 60_000);
    expect(await state()).toBe('up');
    await pass(clock, 2 * 60_000);
    expect(await state()).toBe('down late: The job last reported 1h6m ago; a report was due 6m ago. Does it run?');
  });

  it('that says that it failed is down until it says otherwise', async () => {
    const { pushes, state } = start();
    await state();
    pushes.report(TOKEN, { signal: 'fail', message: 'disk full', durationMs: null, exitCode: 2 });
    expect(await state()).toMatch(/^down failed: .*with exit code 2: disk full$/);
    pushes.report(TOKEN, success);
    expect(await state()).toBe('up');
  });

  it('is timed from its start to its end, and down when it runs too long', async () => {
    const { clock, pushes, probe, state } = start({ every: '1h', max_run: '10m' });
    await state();
    pushes.report(TOKEN, { ...success, signal: 'start' });
    await pass(clock, 90_000);
    pushes.report(TOKEN, success);
    expect(sample(await runWithin(probe), 'vedette_check_push_run_seconds')).toBe(90);
    pushes.report(TOKEN, { ...success, signal: 'start' });
    await pass(clock, 11 * 60_000);
    expect(await state()).toMatch(/^down run-time: The job began 11m ago/);
  });

  it('is not late for the time in which nobody could hear it', async () => {
    const { clock, kept, pushes, state } = start();
    await state();
    pushes.report(TOKEN, success);
    const fromMs = clock.now();
    clock.sleep(8 * HOUR_MS);
    pushes.gap({ kind: 'sleep', fromMs, toMs: clock.now() });
    expect(await state()).toBe('up');
    // The program is not running for a day; then it starts again.
    const later = createManualClock(clock.now() + 24 * HOUR_MS);
    const restarted = start(undefined, kept, later);
    expect(await restarted.state()).toBe('up');
    await pass(later, HOUR_MS + 6 * 60_000);
    expect(await restarted.state()).toMatch(/^down late: /);
  });

  it('has its last report still known after a restart', async () => {
    const { clock, kept, pushes, state } = start();
    await state();
    pushes.report(TOKEN, { signal: 'fail', message: 'no space', durationMs: null, exitCode: null });
    const restarted = start(undefined, kept, createManualClock(clock.now() + 1000));
    expect(await restarted.state()).toMatch(/^down failed: .*no space/);
  });

  it('is known by its token alone, which is kept nowhere', async () => {
    const { kept, pushes, probe, state } = start();
    await state();
    expect(pushes.report('another', success)).toBe(false);
    pushes.report(TOKEN, success);
    expect([...kept.texts].join()).not.toContain(TOKEN);
    expect([...kept.texts].join()).not.toContain(token_sha256);
    probe.close?.();
    expect(pushes.report(TOKEN, success)).toBe(false);
  });

  it('follows a cron schedule in its time zone', async () => {
    const clock = createManualClock(Date.parse('2026-03-05T12:00Z'));
    const { pushes, state } = start({ cron: '0 3 * * *', timezone: 'Europe/Berlin', grace: '30m' }, memory(), clock);
    await state();
    pushes.report(TOKEN, success);
    await pass(clock, 14.4 * HOUR_MS);
    expect(await state()).toBe('up');
    await pass(clock, 0.2 * HOUR_MS);
    expect(await state()).toMatch(/^down late: /);
  });

  it('does not have its token in the file', () => {
    expect(() => makeProbe('push', { token: 'plain', every: '1h' })).toThrow(
      /does not belong in this file.*token_sha256/s,
    );
  });
});
