import { ipcMain } from 'electron';
import Store from 'electron-store';
import { type Preferences, preferencesSchema, readPreferences } from '../../shared/model/preferences.ts';
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
  const store = new Store<Stored>({
    cwd: directory,
    name: 'desktop',
    clearInvalidConfig: true,
    defaults: { preferences: {}, bounds: null, secrets: {}, toldAboutTray: false },
  });
  // The store answers pages on a channel of its own; the contract is the only way in, and checks who asks.
  ipcMain.removeAllListeners('electron-store-get-data');
  return store;
}

/** The preferences in a store. */
export function storedPreferences(store: DesktopStore): {
  get(): Preferences;
  set(changes: Partial<Preferences>): Preferences;
} {
  const get = (): Preferences => readPreferences(store.get('preferences'));
  return {
    get,
    set(changes) {
      const next = preferencesSchema.parse({ ...get(), ...changes });
      store.set('preferences', next);
      return next;
    },
  };
}
