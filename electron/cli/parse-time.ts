const RFC_3339 = /^\d{4}-\d{2}-\d{2}(?:[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2}))?$/;

/** Epoch milliseconds of Unix seconds, RFC 3339 or a date (its begin in UTC); null for anything else. */
export function parseTime(text: string): number | null {
  const ms = /^-?\d+(?:\.\d+)?$/.test(text)
    ? Math.round(Number(text) * 1000)
    : RFC_3339.test(text)
      ? Date.parse(text)
      : NaN;
  return Number.isFinite(ms) ? ms : null;
}
