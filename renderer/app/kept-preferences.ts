import type { Preferences } from '../../shared/model/preferences.ts';

const KEY = 'vedette.preferences';
const UNSENT_KEY = 'vedette.preferences.unsent';
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

/** Changes that the program has not confirmed, because the page went away first. */
export function readUnsent(): Partial<Preferences> {
  return parse(localStorage.getItem(UNSENT_KEY));
}

/** Remembers changes until `forgetUnsent`. */
export function writeUnsent(changes: Partial<Preferences>): void {
  localStorage.setItem(UNSENT_KEY, JSON.stringify({ ...readUnsent(), ...changes }));
}

/** Forgets changes that the program has answered; what was changed again meanwhile stays. */
export function forgetUnsent(changes: Partial<Preferences>): void {
  const left = Object.entries(readUnsent()).filter(
    ([name, value]) => JSON.stringify(changes[name as keyof Preferences]) !== JSON.stringify(value),
  );
  if (left.length === 0) localStorage.removeItem(UNSENT_KEY);
  else localStorage.setItem(UNSENT_KEY, JSON.stringify(Object.fromEntries(left)));
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
