import * as z from 'zod';

export const wireValueSchema = z.union([z.number(), z.null(), z.literal('+Inf'), z.literal('-Inf')]);

/** A series on the wire: two columns of equal length. */
export const columnsSchema = z.object({
  labels: z.record(z.string(), z.string()),
  /** Epoch milliseconds, ascending. */
  timestamps: z.array(z.number()),
  /** See `wire-value.ts`. */
  values: z.array(wireValueSchema),
});
export type WireColumns = z.infer<typeof columnsSchema>;
