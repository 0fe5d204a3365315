import { RE2JS } from 're2js';
import type { RabbitmqCheckConfig } from '../../../config/index.ts';
import { openJsonApi } from '../ask-json.ts';
import type { AskApi } from '../ask-json.ts';
import type { CreateProbe } from '../probe.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { runService, verdict, worstOf } from '../run-service.ts';
import { listQueues, readAnswer } from './ask-rabbitmq.ts';
import { nodesAnswer, overviewAnswer } from './rabbitmq-answers.ts';
import type { RabbitmqQueue } from './rabbitmq-answers.ts';

/** Asks the management API for alarms, nodes and queues. Samples have the names of RabbitMQ's own Prometheus plugin. */
export const createRabbitmqProbe: CreateProbe<RabbitmqCheckConfig> = (config, timeoutMs, ports) => {
  const address = new URL(config.url).host;
  const setting = { clock: ports.clock, address, timeoutMs, thresholds: config.thresholds };
  const isMeant = config.queues === null ? () => true : matcherOf(config.queues);
  return {
    run: (signal) =>
      runService(setting, signal, async (run) => {
        const ask = await openJsonApi(config, run, ports);
        const overview = readAnswer(await ask('/api/overview'), overviewAnswer, address);
        run.note('version', overview.rabbitmq_version ?? '?');
        run.add('rabbitmq_identity_info', 1, { rabbitmq_cluster: overview.cluster_name ?? '' });
        for (const [name, total] of Object.entries(overview.object_totals ?? {})) run.add(`rabbitmq_${name}`, total);
        const verdicts = await judgeNodes(ask, address, run);
        const queues = (await listQueues(ask, config.vhost, address)).filter(({ name }) => isMeant(name));
        run.note('queues', queues.length);
        addQueues(queues, run);
        return worstOf([...verdicts, ...judgeQueues(queues, config, address)]);
      }),
  };
};

function matcherOf(pattern: string): (name: string) => boolean {
  const compiled = RE2JS.compile(pattern);
  return (name) => compiled.matches(name);
}

async function judgeNodes(ask: AskApi, address: string, run: ProbeRun): Promise<Verdict[]> {
  const answer = await ask('/api/nodes');
  if (answer.status === 401 || answer.status === 403) {
    run.note('missingRole', 'monitoring (a tag of the user): nodes and alarms are hidden');
    return [];
  }
  const verdicts: Verdict[] = [];
  const degraded = (code: string, message: string): void => void verdicts.push(verdict('degraded', code, message));
  for (const node of readAnswer(answer, nodesAnswer, address)) {
    const labels = { node: node.name };
    const add = (name: string, value: number | boolean | undefined): void => {
      if (value !== undefined) run.add(name, Number(value), labels);
    };
    add('rabbitmq_alarms_memory_used_watermark', node.mem_alarm);
    add('rabbitmq_alarms_free_disk_space_watermark', node.disk_free_alarm);
    add('rabbitmq_process_resident_memory_bytes', node.mem_used);
    add('rabbitmq_resident_memory_limit_bytes', node.mem_limit);
    add('rabbitmq_disk_space_available_bytes', node.disk_free);
    add('rabbitmq_disk_space_available_limit_bytes', node.disk_free_limit);
    add('rabbitmq_process_open_fds', node.fd_used);
    add('rabbitmq_process_max_fds', node.fd_total);
    const publishers = 'Publishers are held until it is over';
    if (node.running === false) degraded('node', `${address}: the node ${node.name} does not run.`);
    if (node.mem_alarm === true) degraded('alarm', `${address}: ${node.name} has used up its memory. ${publishers}.`);
    if (node.disk_free_alarm === true)
      degraded('alarm', `${address}: the disk of ${node.name} is full. ${publishers}.`);
    if ((node.partitions ?? []).length > 0) {
      degraded('partition', `${address}: ${node.name} is cut off from ${(node.partitions ?? []).join(', ')}.`);
    }
  }
  return verdicts;
}

function addQueues(queues: readonly RabbitmqQueue[], run: ProbeRun): void {
  for (const { name: queue, vhost, messages_ready, messages_unacknowledged, consumers } of queues) {
    const labels = { queue, vhost };
    if (messages_ready !== undefined) run.add('rabbitmq_queue_messages_ready', messages_ready, labels);
    if (messages_unacknowledged !== undefined) {
      run.add('rabbitmq_queue_messages_unacked', messages_unacknowledged, labels);
    }
    if (consumers !== undefined) run.add('rabbitmq_queue_consumers', consumers, labels);
  }
}

function judgeQueues(
  queues: readonly RabbitmqQueue[],
  { maxReady, needsConsumers }: RabbitmqCheckConfig,
  address: string,
): Verdict[] {
  return queues.flatMap((queue): Verdict[] => {
    const { name, vhost, messages_ready: ready = 0, consumers, state } = queue;
    const which = `${address}: the queue "${name}" in ${vhost}`;
    if (state === 'down' || state === 'crashed' || state === 'stopped') {
      return [verdict('degraded', 'queue', `${which} is ${state}.`)];
    }
    if (needsConsumers && consumers === 0 && ready > 0) {
      const message = `${which} has messages (${String(ready)}) and no consumer. Does its worker run?`;
      return [verdict('degraded', 'consumers', message)];
    }
    if (maxReady === null || ready <= maxReady) return [];
    return [verdict('degraded', 'depth', `${which} has ${String(ready)} messages waiting, and ${String(maxReady)} is the most.`)]; // prettier-ignore
  });
}
