import { safeStorage } from 'electron';
import type { DesktopStore } from './preferences-store.ts';

/** How well this system keeps secrets: its keychain, an encryption with a key that everyone knows, or nothing. */
export type SecretStrength = 'keychain' | 'weak' | 'none';

export interface SecretVault {
  strength(): Promise<SecretStrength>;
  /** The secret of that name; null when there is none. */
  read(name: string): Promise<string | null>;
  /** @throws where secrets cannot be kept at all */
  write(name: string, value: string): Promise<void>;
}

/** Secrets behind the system's keychain; only ciphertext is stored. */
export function createSecretVault(store: DesktopStore, platform: NodeJS.Platform): SecretVault {
  const isAvailable = (): Promise<boolean> => safeStorage.isAsyncEncryptionAvailable();
  return {
    async strength() {
      if (!(await isAvailable())) return 'none';
      return platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text' ? 'weak' : 'keychain';
    },
    async read(name) {
      const ciphertext = store.get('secrets')[name];
      if (ciphertext === undefined) return null;
      const { result } = await safeStorage.decryptStringAsync(Buffer.from(ciphertext, 'base64'));
      return result;
    },
    async write(name, value) {
      if (!(await isAvailable()))
        throw new Error('This system has no keychain; keep the secret in a 0600 file or the environment.');
      const ciphertext = await safeStorage.encryptStringAsync(value);
      store.set('secrets', { ...store.get('secrets'), [name]: ciphertext.toString('base64') });
    },
  };
}
