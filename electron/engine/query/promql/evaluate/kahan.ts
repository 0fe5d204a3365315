/**
 * A sum that carries what rounding loses: the compensation for adding `value` to `sum`, on top of `carry`.
 * Source: Neumaier's variant of Kahan summation, as Prometheus uses it. The new sum is `sum + value`.
 */
export function kahanCarry(sum: number, carry: number, value: number): number {
  const total = sum + value;
  if (total === Infinity || total === -Infinity) return 0;
  if (Math.abs(sum) >= Math.abs(value)) return carry + (sum - total + value);
  return carry + (value - total + sum);
}
