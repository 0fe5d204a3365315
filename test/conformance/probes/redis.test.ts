import { afterAll, beforeAll, expect, it } from 'vitest';
import { look, sample, say } from '../../engine/collect/probe/services/ask.ts';
import { PASSWORD, startRedis } from '../../services/databases.ts';
import type { RunningServer } from '../../services/run-server.ts';

let redis: RunningServer;
beforeAll(async () => {
  process.env['VEDETTE_TEST_PASSWORD'] = PASSWORD;
  redis = await startRedis('--requirepass', PASSWORD);
});
afterAll(async () => {
  await redis.stop();
});

const password = '${env:VEDETTE_TEST_PASSWORD}';

it('is up, with what redis_exporter would say of it', async () => {
  const result = await look('redis', { address: redis.address, password });
  expect(say(result)).toBe('up');
  expect(sample(result, 'redis_up')).toBe(1);
  expect(sample(result, 'redis_connected_clients')).toBeGreaterThanOrEqual(1);
  expect(sample(result, 'redis_memory_used_bytes')).toBeGreaterThan(100_000);
  expect(sample(result, 'probe_success')).toBe(1);
});

it('is unknown with a wrong password, and without one', async () => {
  expect(say(await look('redis', { address: redis.address, password: 'no' }))).toMatch(/^unknown auth: .*refuses/);
  expect(say(await look('redis', { address: redis.address }))).toMatch(/^unknown auth: .*asks for a password/);
});

it('is degraded when a condition of the check says so', async () => {
  const settings = { address: redis.address, password, degraded_when: ['redis_connected_clients >= 1'] };
  expect(say(await look('redis', settings))).toMatch(/^degraded threshold: .*redis_connected_clients is \d/);
});

it('is degraded when it cannot reach its master', async () => {
  const replica = await startRedis('--replicaof', '127.0.0.1 1');
  const result = await look('redis', { address: replica.address });
  await replica.stop();
  expect(say(result)).toMatch(/^degraded master: .*lost the connection to its master 127.0.0.1:1/);
});

it('counts the tasks of Celery that wait in it', async () => {
  const result = await look('celery', { redis: { address: redis.address, password }, queues: ['celery', 'mail'] });
  expect(say(result)).toBe('up');
  expect(sample(result, 'celery_queue_length', { queue_name: 'mail' })).toBe(0);
});

it('is down while it hangs and after it has gone', async () => {
  const other = await startRedis();
  other.hold(true);
  expect(say(await look('redis', { address: other.address }, 500))).toMatch(/^down timeout: .*did not answer within/);
  other.hold(false);
  await other.stop();
  expect(say(await look('redis', { address: other.address }))).toMatch(/^down refused: /);
});
