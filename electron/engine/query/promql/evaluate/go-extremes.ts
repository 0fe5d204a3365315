/** As in Go, an infinity that decides is stronger than NaN. Source: Go, math.Max: "Max(x, +Inf) = +Inf". */
export function goMax(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}

/** Source: Go, math.Min: "Min(x, -Inf) = -Inf". */
export function goMin(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}
