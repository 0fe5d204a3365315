import { afterAll, beforeAll, expect, it } from 'vitest';
import { recogniseService } from '../../../electron/engine/collect/discover/recognise-service.ts';
import { systemClock } from '../../../electron/engine/schedule/index.ts';
import { look, sample, say } from '../../engine/collect/probe/services/ask.ts';
import { PASSWORD } from '../../services/databases.ts';
import { startNginx } from '../../services/network-servers.ts';
import type { RunningServer } from '../../services/run-server.ts';

let nginx: RunningServer;
beforeAll(async () => {
  process.env['VEDETTE_TEST_PASSWORD'] = PASSWORD;
  nginx = await startNginx();
});
afterAll(async () => {
  await nginx.stop();
});

const url = (path: string): string => `http://${nginx.address}${path}`;

it('is up, with the phases of the request', async () => {
  const result = await look('http', { url: url('/'), keyword: 'hello' });
  expect(say(result)).toBe('up');
  expect(result.http).toMatchObject({ status: 200, httpVersion: '1.1', bodyBytes: 6 });
  expect(sample(result, 'probe_http_duration_seconds', { phase: 'connect' })).toBeGreaterThan(0);
});

it('is let in with the right password, and says which status came with a wrong one', async () => {
  const basic_auth = { username: 'ann', password: '${env:VEDETTE_TEST_PASSWORD}' };
  expect(say(await look('http', { url: url('/private'), basic_auth }))).toBe('up');
  const wrong = { username: 'ann', password: 'no' };
  expect(say(await look('http', { url: url('/private'), basic_auth: wrong }))).toMatch(/^down status: .*401/);
});

it('is down where a keyword or a page is missing', async () => {
  expect(say(await look('http', { url: url('/'), keyword: 'bye' }))).toMatch(/^down keyword: .*"bye"/);
  expect(say(await look('http', { url: url('/none') }))).toMatch(/^down status: .*404/);
});

it('is recognised by its answers, with its status page', async () => {
  const listener = { port: nginx.port, address: '127.0.0.1', process: null, user: null };
  const found = await recogniseService(listener, { clock: systemClock, signal: AbortSignal.timeout(10_000) });
  expect(found).toMatchObject({ kind: 'nginx', title: 'nginx' });
  expect(found.evidence).toMatch(/^Server: nginx.*, stub_status at \/nginx_status$/);
  const probe = found.suggestion.check?.probes[0];
  expect(say(await look('http', probe?.entry ?? {}))).toBe('up');
});

it('is down while it hangs and after it has gone', async () => {
  const other = await startNginx();
  other.hold(true);
  expect(say(await look('http', { url: `http://${other.address}/` }, 500))).toMatch(
    /^down timeout: .* took the request and did not answer within 0.5 s/,
  );
  other.hold(false);
  await other.stop();
  expect(say(await look('http', { url: `http://${other.address}/` }))).toMatch(/^down refused: /);
});
