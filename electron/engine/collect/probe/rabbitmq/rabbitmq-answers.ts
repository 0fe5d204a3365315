import { z } from 'zod';

/** What is read of the management API's answers. Source: RabbitMQ management HTTP API. */
export const queueAnswer = z.object({
  name: z.string(),
  vhost: z.string(),
  messages_ready: z.number().optional(),
  messages_unacknowledged: z.number().optional(),
  consumers: z.number().optional(),
  state: z.string().optional(),
});
export type RabbitmqQueue = z.output<typeof queueAnswer>;

/** A page of queues; a server without paging answers with the bare list. */
export const queuesAnswer = z.union([
  z.object({ items: z.array(queueAnswer), page_count: z.number() }),
  z.array(queueAnswer).transform((items) => ({ items, page_count: 1 })),
]);

export const nodesAnswer = z.array(
  z.object({
    name: z.string(),
    running: z.boolean().optional(),
    mem_alarm: z.boolean().optional(),
    disk_free_alarm: z.boolean().optional(),
    mem_used: z.number().optional(),
    mem_limit: z.number().optional(),
    disk_free: z.number().optional(),
    disk_free_limit: z.number().optional(),
    fd_used: z.number().optional(),
    fd_total: z.number().optional(),
    partitions: z.array(z.string()).optional(),
  }),
);

export const overviewAnswer = z.object({
  rabbitmq_version: z.string().optional(),
  cluster_name: z.string().optional(),
  object_totals: z.record(z.string(), z.number()).optional(),
});
