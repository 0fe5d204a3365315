import type { Preferences } from '../../shared/model/preferences.ts';

const KEY = 'vedette.preferences';
const EVENT = 'vedette:kept';

let parsedFrom: string | null = null;
let parsed: Partial<Preferences> = {};

/** The preferences that this browser remembers, so that a window opens in the right colours and language. */
export function readKept(): Partial<Preferences> {
  const text = localStorage.getItem(KEY);
  if (text === parsedFrom) return parsed;
  parsedFrom = text;
  parsed = parse(text);
  return parsed;
}

export function writeKept(changes: Partial<Preferences>): void {
  localStorage.setItem(KEY, JSON.stringify({ ...readKept(), ...changes }));
  window.dispatchEvent(new Event(EVENT));
}

export function subscribeKept(listener: () => void): () => void {
  window.addEventListener(EVENT, listener);
  window.addEventListener('storage', listener);
  return () => {
    window.removeEventListener(EVENT, listener);
    window.removeEventListener('storage', listener);
  };
}

function parse(text: string | null): Partial<Preferences> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
