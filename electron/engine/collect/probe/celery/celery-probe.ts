import { formatAddress } from '../../../config/index.ts';
import type { CeleryCheckConfig } from '../../../config/index.ts';
import { openJsonApi } from '../ask-json.ts';
import type { CreateProbe, ProbePorts } from '../probe.ts';
import { listQueues } from '../rabbitmq/ask-rabbitmq.ts';
import { acceptOnly, openRedis } from '../redis/open-redis.ts';
import { ProbeFailure } from '../run-probe.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { runService, verdict, worstOf } from '../run-service.ts';
import { judgeWorkers } from './flower-workers.ts';

/** Asks the broker how many tasks wait, and Flower which workers answer. */
export const createCeleryProbe: CreateProbe<CeleryCheckConfig> = (config, timeoutMs, ports) => {
  const { broker, maxLength, flower, workers } = config;
  const address = broker.kind === 'redis' ? formatAddress(broker.server.server) : new URL(broker.server.url).host;
  const setting = { clock: ports.clock, address, timeoutMs, thresholds: config.thresholds };
  return {
    run: (signal) =>
      runService(setting, signal, async (run) => {
        const lengths = await queueLengths(config, address, run, ports);
        const verdicts: Verdict[] = [];
        for (const [queue, length] of lengths) {
          run.add('celery_queue_length', length, { queue_name: queue });
          run.note(queue, length);
          if (maxLength === null || length <= maxLength) continue;
          const message = `The Celery queue "${queue}" has ${String(length)} tasks waiting, and ${String(maxLength)} is the most.`;
          verdicts.push(verdict('degraded', 'depth', message));
        }
        if (flower !== null) verdicts.push(...(await judgeWorkers(flower, workers, run, ports)));
        return worstOf(verdicts);
      }),
  };
};

async function queueLengths(
  { broker, queues }: CeleryCheckConfig,
  address: string,
  run: ProbeRun,
  ports: ProbePorts,
): Promise<readonly (readonly [queue: string, length: number])[]> {
  if (broker.kind === 'rabbitmq') {
    const ask = await openJsonApi(broker.server, run, ports);
    const known = await listQueues(ask, broker.vhost, address);
    return queues.map((queue) => {
      const found = known.find(({ name }) => name === queue);
      // A queue is declared by the first worker or task: without it nobody has ever used it.
      if (found === undefined) throw new ProbeFailure('unknown', 'queue', `${address} has no queue "${queue}" yet.`);
      if (found.messages_ready === undefined) {
        throw new ProbeFailure('unknown', 'queue', `${address} has no figures of the queue "${queue}" yet.`);
      }
      return [queue, found.messages_ready];
    });
  }
  const connection = await openRedis(broker.server, address, run, ports.revealSecret);
  try {
    const lengths: [string, number][] = [];
    for (const queue of queues) {
      let length = 0;
      for (const list of listsOf(queue)) length += Number(acceptOnly(await connection.command('LLEN', list), address));
      lengths.push([queue, length]);
    }
    return lengths;
  } finally {
    connection.end();
  }
}

/** A queue in Redis is one list for each step of priority. Source: kombu, `transport/redis.py` (`priority_steps`). */
const PRIORITIES = ['', '\u0006\u00163', '\u0006\u00166', '\u0006\u00169'];

function listsOf(queue: string): readonly string[] {
  return PRIORITIES.map((suffix) => `${queue}${suffix}`);
}
