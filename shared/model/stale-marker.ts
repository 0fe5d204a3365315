/**
 * The end of a series is marked by a NaN with the bits 0x7ff0000000000002 (ordinary NaN: 0x7ff8000000000001).
 * JavaScript may rewrite the bits of a NaN whenever it is held as a number or in a plain array, so a marker exists only
 * inside a `Float64Array` and is written and read through its bits. Copy values with `set`, `slice` or `subarray`.
 * Source: Prometheus, model/value: StaleNaN.
 */
const LOW_WORD = 2;
const HIGH_WORD = 0x7ff00000;
const [low, high] = new Uint32Array(new Float64Array([1]).buffer)[0] === 0 ? [0, 1] : [1, 0];

/** The 32-bit words of a column, two per value, sharing its memory. */
export function bitsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
}

/** Whether value `index` of the column whose words are `bits` (see {@link bitsOf}) is a stale marker. */
export function isStaleAt(bits: Uint32Array, index: number): boolean {
  return bits[2 * index + high] === HIGH_WORD && bits[2 * index + low] === LOW_WORD;
}

export function markStaleAt(bits: Uint32Array, index: number): void {
  bits[2 * index + high] = HIGH_WORD;
  bits[2 * index + low] = LOW_WORD;
}
