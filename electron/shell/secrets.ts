import { safeStorage } from 'electron';
import type { SecretVault } from '../engine/ports.ts';
import type { DesktopStore } from './preferences-store.ts';

/** Secrets behind the system's keychain; only ciphertext is stored. */
export function createSecretVault(store: DesktopStore, platform: NodeJS.Platform): SecretVault {
  const isAvailable = (): Promise<boolean> => safeStorage.isAsyncEncryptionAvailable();
  return {
    async strength() {
      if (!(await isAvailable())) return 'none';
      return platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text' ? 'weak' : 'keychain';
    },
    names: () => Object.keys(store.get('secrets')).sort(),
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
    remove(name) {
      const { [name]: removed, ...left } = store.get('secrets');
      if (removed === undefined) return false;
      store.set('secrets', left);
      return true;
    },
  };
}
