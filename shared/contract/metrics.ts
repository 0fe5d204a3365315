import * as z from 'zod';
import { columnsSchema, wireValueSchema } from '../model/columns.ts';
import { read } from './procedure.ts';

/** `series` are those of the answer, `samples` those that were read for it. */
const stats = z.object({ durationMs: z.number(), series: z.number().int(), samples: z.number().int() });
const notes = { warnings: z.array(z.string()), infos: z.array(z.string()), stats };

/** The data source to ask instead of this instance, by its name in the configuration. */
const source = z.string().max(200).optional();

export const metrics = {
  dataSources: read
    .route({ method: 'GET', path: '/metrics/data-sources', summary: 'Servers that questions can be put to instead' })
    .output(z.array(z.object({ name: z.string(), /** Host and port, without credentials. */ host: z.string() }))),
  query: read
    .route({ method: 'GET', path: '/metrics/query', summary: 'The value of a PromQL expression at one time' })
    .input(z.object({ expr: z.string().max(50_000), time: z.coerce.number().optional(), source }))
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
        source,
      }),
    )
    .output(z.object({ stepMs: z.number(), series: z.array(columnsSchema), totalSeries: z.number().int(), ...notes })),
  explain: read
    .route({
      method: 'GET',
      path: '/metrics/explain',
      summary: 'What each part of a PromQL expression reads, gives and costs',
    })
    .input(
      z.object({
        expr: z.string().max(50_000),
        /** Of an evaluation at one time; ignored where a range is given. */
        time: z.coerce.number().optional(),
        start: z.coerce.number().optional(),
        end: z.coerce.number().optional(),
        stepMs: z.coerce.number().positive().default(60_000),
      }),
    )
    .output(
      z.object({
        /** The tree from its root, each node before those below it. */
        nodes: z.array(
          z.object({
            depth: z.number().int(),
            kind: z.string(),
            text: z.string(),
            series: z.number().int(),
            /** Samples that a selector read; points that any other node gave. */
            samples: z.number().int(),
            /** Of the node with everything below it. */
            durationMs: z.number(),
          }),
        ),
        ...notes,
      }),
    ),
  names: read
    .route({ method: 'GET', path: '/metrics/names', summary: 'Metric names with type and help' })
    .input(
      z.object({
        search: z.string().max(200).default(''),
        limit: z.coerce.number().int().min(1).max(10_000).default(500),
        source,
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
    .input(z.object({ match: z.string().max(5000).optional(), source }))
    .output(z.array(z.string())),
  labelValues: read
    .route({ method: 'GET', path: '/metrics/label-values', summary: 'Values of a label' })
    .input(z.object({ name: z.string(), match: z.string().max(5000).optional(), source }))
    .output(z.array(z.string())),
};
