import Store from 'electron-store';
import { DEFAULT_PREFERENCES, type Preferences, preferencesSchema } from '../../shared/model/preferences.ts';
import type { WindowBounds } from './window.ts';

interface Stored {
  preferences: Partial<Preferences>;
  bounds: WindowBounds | null;
  /** Ciphertexts of the keychain, base64, by name. */
  secrets: Record<string, string>;
  toldAboutTray: boolean;
}

export type DesktopStore = Store<Stored>;

/** Preferences and window bounds, as plain JSON in the user's folder. Secrets lie in it only as ciphertext. */
export function openDesktopStore(directory: string): DesktopStore {
  return new Store<Stored>({
    cwd: directory,
    name: 'desktop',
    clearInvalidConfig: true,
    defaults: { preferences: {}, bounds: null, secrets: {}, toldAboutTray: false },
  });
}

/** The preferences in a store; a value that no longer fits falls back to its default. */
export function storedPreferences(store: DesktopStore): {
  get(): Preferences;
  set(changes: Partial<Preferences>): Preferences;
} {
  const get = (): Preferences => {
    const parsed = preferencesSchema.safeParse(store.get('preferences'));
    return parsed.success ? parsed.data : DEFAULT_PREFERENCES;
  };
  return {
    get,
    set(changes) {
      const next = preferencesSchema.parse({ ...get(), ...changes });
      store.set('preferences', next);
      return next;
    },
  };
}
