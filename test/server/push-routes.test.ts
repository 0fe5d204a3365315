import Fastify from 'fastify';
import { expect, it } from 'vitest';
import type { PushReport } from '../../electron/engine/collect/probe/push/push-state.ts';
import { addPushRoutes, withoutToken } from '../../electron/server/push-routes.ts';

async function ask(path: string, options: { method?: 'GET' | 'POST'; payload?: string } = {}) {
  const taken: PushReport[] = [];
  const app = Fastify();
  addPushRoutes(app, (token, report) => {
    if (token !== 'secret') return false;
    taken.push(report);
    return true;
  });
  const { statusCode } = await app.inject({ url: `/api/v1/push/${path}`, ...options });
  await app.close();
  return { statusCode, report: taken[0] };
}

const plain: PushReport = { signal: 'success', message: '', durationMs: null, exitCode: null };

it.each([
  ['secret', plain],
  ['secret/start', { ...plain, signal: 'start' }],
  ['secret/fail', { ...plain, signal: 'fail' }],
  ['secret/0', { ...plain, exitCode: 0 }],
  ['secret/3', { ...plain, signal: 'fail', exitCode: 3 }],
  ['secret?status=up&msg=OK&ping=12.5', { ...plain, message: 'OK', durationMs: 12.5 }],
  ['secret?status=down&msg=disk+full&ping=', { ...plain, signal: 'fail', message: 'disk full' }],
])('takes %s', async (path, expected) => {
  expect(await ask(path)).toEqual({ statusCode: 200, report: expected });
});

it('takes the body of a POST for the message', async () => {
  const { report } = await ask('secret', { method: 'POST', payload: 'copied 3 files\n' });
  expect(report?.message).toBe('copied 3 files');
});

it('refuses a token that no check has, and words that mean nothing', async () => {
  expect((await ask('other')).statusCode).toBe(404);
  expect((await ask('secret/maybe')).statusCode).toBe(400);
});

it('keeps the token out of what is logged', () => {
  expect(withoutToken('/api/v1/push/secret/start')).not.toContain('secret');
});
