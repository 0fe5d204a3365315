import { z } from 'zod';
import type { FlowerServer } from '../../../config/index.ts';
import { openJsonApi } from '../ask-json.ts';
import type { ProbePorts } from '../probe.ts';
import { ProbeFailure } from '../run-probe.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { verdict } from '../run-service.ts';

const statuses = z.record(z.string(), z.boolean());

/**
 * Ask Flower for the workers that answer its ping, and judge: none at all is down, one that is missing degraded.
 *
 * @param wanted workers that must be online; empty asks for any one
 */
export async function judgeWorkers(
  flower: FlowerServer,
  wanted: readonly string[],
  run: ProbeRun,
  ports: ProbePorts,
): Promise<Verdict[]> {
  const address = new URL(flower.url).host;
  const ask = await openJsonApi(flower, run, ports);
  const health = await ask('/healthcheck');
  if (health.status !== 200) {
    const message = `Flower at ${address} answered ${String(health.status)} to /healthcheck. Does it reach the broker?`;
    return [verdict('down', 'status', message)];
  }
  run.add('flower_up', 1);
  const answer = await ask('/api/workers?status=1');
  if (answer.status === 401 || answer.status === 403) {
    const remedy = 'Give the check user and password, or set FLOWER_UNAUTHENTICATED_API=true there';
    throw new ProbeFailure('unknown', 'auth', `Flower at ${address} lives, and its API needs a login. ${remedy}.`);
  }
  const read = statuses.safeParse(answer.json);
  if (answer.status !== 200 || !read.success) {
    const remedy = 'Is this the address of Flower?';
    return [
      verdict('down', 'protocol', `${address} answered ${String(answer.status)} and not as Flower does. ${remedy}`),
    ];
  }
  for (const [worker, isOnline] of Object.entries(read.data)) {
    run.add('flower_worker_online', isOnline ? 1 : 0, { worker });
  }
  const online = Object.keys(read.data).filter((worker) => read.data[worker] === true);
  run.note('workersOnline', `${String(online.length)} / ${String(Object.keys(read.data).length)}`);
  if (online.length === 0) return [verdict('down', 'workers', `No Celery worker answers (asked through ${address}).`)];
  const offline = [
    ...wanted.filter((worker) => read.data[worker] !== true),
    ...(wanted.length > 0 ? [] : Object.keys(read.data).filter((worker) => read.data[worker] === false)),
  ];
  if (offline.length === 0) return [];
  return [verdict('degraded', 'workers', `These Celery workers do not answer: ${offline.join(', ')}.`)];
}
