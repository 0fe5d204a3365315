/**
 * The q-quantile of values, linear between neighbours; NaN counts as smallest. Sorts `values` in place.
 * Outside 0–1 gives -Infinity or +Infinity, NaN for no values or a NaN quantile.
 * Source: Prometheus, promql/quantile.go.
 */
export function quantileOf(q: number, values: Float64Array): number {
  const count = values.length;
  if (count === 0 || q !== q) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  // Without a comparison function the sort is many times faster, and puts NaN last.
  values.sort();
  let numbers = count;
  while (numbers > 0 && Number.isNaN(values[numbers - 1])) numbers--;
  const ranked = (rank: number): number => {
    const at = rank - (count - numbers);
    return at < 0 ? NaN : (values[at] as number);
  };
  const rank = q * (count - 1);
  const lower = Math.floor(rank);
  const weight = rank - lower;
  return ranked(lower) * (1 - weight) + ranked(Math.min(count - 1, lower + 1)) * weight;
}
