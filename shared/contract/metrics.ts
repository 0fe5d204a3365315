import * as z from 'zod';
import { columnsSchema, wireValueSchema } from '../model/columns.ts';
import { read } from './procedure.ts';

const stats = z.object({ durationMs: z.number(), series: z.number().int() });
const notes = { warnings: z.array(z.string()), infos: z.array(z.string()), stats };

export const metrics = {
  query: read
    .route({ method: 'GET', path: '/metrics/query', summary: 'The value of a PromQL expression at one time' })
    .input(z.object({ expr: z.string().max(50_000), time: z.coerce.number().optional() }))
    .output(
      z.object({
        type: z.enum(['vector', 'scalar', 'string', 'matrix']),
        samples: z.array(
          z.object({ labels: z.record(z.string(), z.string()), at: z.number(), value: wireValueSchema }),
        ),
        text: z.string().nullable(),
        ...notes,
      }),
    ),
  queryRange: read
    .route({
      method: 'GET',
      path: '/metrics/query-range',
      summary: 'A PromQL expression over time, reduced to what a chart shows',
    })
    .input(
      z.object({
        expr: z.string().max(50_000),
        start: z.coerce.number(),
        end: z.coerce.number(),
        /** Step; chosen from the range and `maxPoints` when it is left out. */
        stepMs: z.coerce.number().positive().optional(),
        /** Points per series at most; minimum and maximum of each stretch are kept. */
        maxPoints: z.coerce.number().int().min(2).max(11_000).default(1000),
        /** Series at most; the answer says when there were more. */
        maxSeries: z.coerce.number().int().min(1).max(1000).default(100),
      }),
    )
    .output(z.object({ stepMs: z.number(), series: z.array(columnsSchema), totalSeries: z.number().int(), ...notes })),
  names: read
    .route({ method: 'GET', path: '/metrics/names', summary: 'Metric names with type and help' })
    .input(
      z.object({
        search: z.string().max(200).default(''),
        limit: z.coerce.number().int().min(1).max(10_000).default(500),
      }),
    )
    .output(
      z.object({
        names: z.array(z.object({ name: z.string(), type: z.string().nullable(), help: z.string().nullable() })),
        total: z.number().int(),
      }),
    ),
  labelNames: read
    .route({ method: 'GET', path: '/metrics/label-names', summary: 'Names of labels' })
    .input(z.object({ match: z.string().max(5000).optional() }))
    .output(z.array(z.string())),
  labelValues: read
    .route({ method: 'GET', path: '/metrics/label-values', summary: 'Values of a label' })
    .input(z.object({ name: z.string(), match: z.string().max(5000).optional() }))
    .output(z.array(z.string())),
};
