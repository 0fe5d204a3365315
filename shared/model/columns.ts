import * as z from 'zod';

/**
 * A series on the wire: two columns of equal length. JSON has no NaN and no infinities, so a value is a number, `null`
 * for a gap or NaN, or one of the words `+Inf`, `-Inf`. This file is the only place that encodes and decodes them.
 */
export const wireValueSchema = z.union([z.number(), z.null(), z.literal('+Inf'), z.literal('-Inf')]);
export const columnsSchema = z.object({
  labels: z.record(z.string(), z.string()),
  /** Epoch milliseconds, ascending. */
  timestamps: z.array(z.number()),
  values: z.array(wireValueSchema),
});
export type WireColumns = z.infer<typeof columnsSchema>;
export type WireValue = WireColumns['values'][number];

export function encodeValue(value: number): WireValue {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return null;
  return value > 0 ? '+Inf' : '-Inf';
}

export function decodeValue(value: WireValue): number {
  if (value === null) return NaN;
  if (value === '+Inf') return Infinity;
  return value === '-Inf' ? -Infinity : value;
}

export function encodeValues(values: Float64Array): WireValue[] {
  return Array.from(values, encodeValue);
}

export function decodeValues(values: readonly WireValue[]): Float64Array {
  return Float64Array.from(values, decodeValue);
}
