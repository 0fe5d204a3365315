/**
 * A value on the wire. JSON has no NaN and no infinities, so a value is a number, `null` for a gap or NaN, or one of the
 * words `+Inf`, `-Inf`. This file is the only place that encodes and decodes them; it loads nothing, so that a worker that
 * makes columns carries no schema library.
 */
export type WireValue = number | null | '+Inf' | '-Inf';

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
