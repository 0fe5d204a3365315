import type { Secret } from './configuration.ts';
import { describeSecret } from './secret.ts';

/** Plain data in the shape and with the keys of the main file. Absent parts are undefined. */
export type Described =
  string | number | boolean | undefined | readonly Described[] | { readonly [key: string]: Described };

/** A secret under its key; one that lies in a file under the key for files. */
export function describeAs(key: string, secret: Secret): Record<string, Described> {
  return { [secret.kind === 'file' ? `${key}_file` : key]: describeSecret(secret) };
}

/** The names alone: a header may carry a token. */
export function hidden(headers: Readonly<Record<string, string>>): Described {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, '<secret>']));
}

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
