import { afterAll, beforeAll, expect, it } from 'vitest';
import { look, sample, say } from '../../engine/collect/probe/services/ask.ts';
import { startRabbitmq } from '../../services/databases.ts';
import type { RabbitmqServer } from '../../services/databases.ts';

let server: RabbitmqServer;
beforeAll(async () => {
  process.env['VEDETTE_TEST_GUEST'] = 'guest';
  server = await startRabbitmq();
}, 120_000);
afterAll(async () => {
  await server.stop();
});

const guest = (): Record<string, string> => ({
  url: server.managementUrl,
  user: 'guest',
  password: '${env:VEDETTE_TEST_GUEST}',
});

async function manage(method: string, path: string, body: object): Promise<void> {
  const authorization = `Basic ${Buffer.from('guest:guest').toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await fetch(`${server.managementUrl}/api${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok).toBe(true);
}

it('is up, with the names of its own Prometheus plugin', async () => {
  const result = await look('rabbitmq', guest());
  expect(say(result)).toBe('up');
  expect(result.details.find(({ name }) => name === 'version')?.value).toMatch(/^\d+\.\d+/);
  // A node that has just started has no figures of itself yet.
  const alarms = async (): Promise<readonly number[]> => {
    const { samples } = await look('rabbitmq', guest());
    return samples.filter(({ name }) => name.startsWith('rabbitmq_alarms_')).map(({ value }) => value);
  };
  await expect.poll(alarms, { timeout: 30_000, interval: 500 }).toEqual([0, 0]);
});

it('is degraded when messages wait and nobody takes them, and Celery sees them wait', async () => {
  await manage('PUT', '/queues/%2F/celery', {});
  const message = { properties: {}, routing_key: 'celery', payload: 'x', payload_encoding: 'string' };
  await manage('POST', '/exchanges/%2F/amq.default/publish', message);
  // The management plugin reckons its figures every five seconds.
  await expect
    .poll(async () => say(await look('rabbitmq', guest())), { timeout: 30_000, interval: 500 })
    .toMatch(/^degraded consumers: .*the queue "celery" in \/ has messages \(1\) and no consumer/);
  const result = await look('celery', { rabbitmq: guest(), max_length: '0' });
  expect(sample(result, 'celery_queue_length', { queue_name: 'celery' })).toBe(1);
  expect(say(result)).toMatch(/^degraded depth: .*has 1 tasks waiting, and 0 is the most/);
  expect(say(await look('rabbitmq', { ...guest(), queues: 'other.*' }))).toBe('up');
});

it('is unknown with a wrong password or virtual host', async () => {
  expect(say(await look('rabbitmq', { ...guest(), password: 'no' }))).toMatch(/^unknown auth: .*refuses/);
  expect(say(await look('rabbitmq', { ...guest(), vhost: 'none' }))).toMatch(/^unknown vhost: /);
});

it('is down when the address is that of AMQP', async () => {
  expect(say(await look('rabbitmq', { ...guest(), url: `http://${server.address}` }))).toMatch(
    /^down (protocol|reset): /,
  );
});
