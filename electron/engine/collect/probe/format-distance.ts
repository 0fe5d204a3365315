/** A stretch of time in words, to its largest unit: `3 days`, `1 hour`. */
export function formatDistance(ms: number): string {
  const [size, unit] = UNITS.find(([one]) => ms >= one) ?? [1000, 'second'];
  const count = Math.floor(ms / size);
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
];
