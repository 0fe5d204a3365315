import type { z } from 'zod';
import type { ApiAnswer, AskApi } from '../ask-json.ts';
import { ProbeFailure } from '../run-probe.ts';
import { queuesAnswer } from './rabbitmq-answers.ts';
import type { RabbitmqQueue } from './rabbitmq-answers.ts';

/** So many queues a page, and no more than so many pages: the API reckons each with much work. */
const PAGE_SIZE = 500;
const MOST_PAGES = 20;
const COLUMNS = 'name,vhost,messages_ready,messages_unacknowledged,consumers,state';

/** The queues of a virtual host, or of all that the user may see. */
export async function listQueues(ask: AskApi, vhost: string | null, address: string): Promise<RabbitmqQueue[]> {
  const folder = vhost === null ? '' : `/${encodeURIComponent(vhost)}`;
  const queues: RabbitmqQueue[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = `columns=${COLUMNS}&disable_stats=false&page=${String(page)}&page_size=${String(PAGE_SIZE)}`;
    const answer = await ask(`/api/queues${folder}?${query}`);
    if (answer.status === 404 && vhost !== null) {
      throw new ProbeFailure('unknown', 'vhost', `${address} has no virtual host "${vhost}".`);
    }
    const { items, page_count: pages } = readAnswer(answer, queuesAnswer, address);
    queues.push(...items);
    if (page >= pages) break;
  }
  return queues;
}

/** @throws ProbeFailure when the answer is none of a management API */
export function readAnswer<T>(answer: ApiAnswer, schema: z.ZodType<T>, address: string): T {
  if (answer.status === 401) {
    throw new ProbeFailure('unknown', 'auth', `${address} refuses the user or the password of the check.`);
  }
  if (answer.status === 403) {
    throw new ProbeFailure(
      'unknown',
      'auth',
      `The user of the check may not see ${address}: give it the tag "monitoring".`,
    );
  }
  const read = schema.safeParse(answer.json);
  if (answer.status === 200 && read.success) return read.data;
  const remedy = 'Is this the port of the management plugin (15672)?';
  throw new ProbeFailure('down', 'protocol', `${address} answered ${String(answer.status)}, and not as RabbitMQ does. ${remedy}`); // prettier-ignore
}
