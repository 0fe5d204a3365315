/** Units in the order in which Prometheus wants them, with their milliseconds. A year has 365 days. */
const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];
const DURATION = new RegExp(`^${UNITS.map(([unit]) => `(?:(\\d+)${unit})?`).join('')}$`);
/** 2^63 nanoseconds, the most that Go's duration holds. */
const LONGEST_MS = 9_223_372_036_854;

/**
 * Milliseconds of a duration as Prometheus writes it: `15s`, `1h30m`, `2w`, `0`.
 *
 * @returns null when the text is no such duration: empty, signed, fractional, units out of order, or above 292 years
 * Source: Prometheus manual, "Configuration", `<duration>`.
 */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  const match = text === '' ? null : DURATION.exec(text);
  if (match === null) return null;
  const total = UNITS.reduce((sum, [, ms], index) => sum + Number(match[index + 1] ?? 0) * ms, 0);
  return total <= LONGEST_MS ? total : null;
}

/** The shortest exact form: `90000` gives `1m30s`. Years and weeks only where they leave no rest, as in Prometheus. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = Math.round(ms);
  let text = '';
  for (const [unit, size] of UNITS) {
    const isExactOnly = unit === 'y' || unit === 'w';
    if (rest < size || (isExactOnly && rest % size !== 0)) continue;
    text += `${String(Math.floor(rest / size))}${unit}`;
    rest %= size;
  }
  return text;
}
