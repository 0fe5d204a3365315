/** Plain data in the shape and with the keys of the main file. Absent parts are undefined. */
export type Described =
  string | number | boolean | undefined | readonly Described[] | { readonly [key: string]: Described };

/** Without what is absent or empty: nothing is said about it in a file either. */
export function prune(value: Described): Described {
  if (Array.isArray(value)) return (value as readonly Described[]).map(prune);
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, prune(entry)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => !isEmpty(entry)));
}

function isEmpty(value: Described): boolean {
  return value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}
