/** How Go writes the zero time: what has not happened yet. */
const NEVER = '0001-01-01T00:00:00Z';

/** A moment as Go's JSON writes it. @param ms epoch milliseconds; null or 0 for what has not happened yet */
export function goTime(ms: number | null): string {
  return ms === null || ms === 0 ? NEVER : new Date(ms).toISOString();
}
