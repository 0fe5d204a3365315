import type { LogFields } from './log-entry.ts';

/** What a line says in named fields; null when it names none. */
export function parseFields(text: string): LogFields | null {
  void text;
  return null;
}
