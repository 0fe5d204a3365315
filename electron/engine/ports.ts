import type { Preferences } from '../../shared/model/preferences.ts';

/** Where preferences are kept: electron-store in the desktop application, a file of `conf` without it. */
export interface PreferencesPort {
  get(): Preferences;
  set(changes: Partial<Preferences>): Preferences;
}

/** How well a system keeps secrets: its keychain, an encryption with a key that everyone knows, or nothing. */
export type SecretStrength = 'keychain' | 'weak' | 'none';

/** Secrets that the desktop keeps, by name. */
export interface SecretVault {
  strength(): Promise<SecretStrength>;
  names(): string[];
  /** The secret of that name; null when there is none. */
  read(name: string): Promise<string | null>;
  /** @throws where secrets cannot be kept at all */
  write(name: string, value: string): Promise<void>;
  /** Whether there was one. */
  remove(name: string): boolean;
}

/** What this installation can do beyond the engine; shown in Settings, so that nothing is offered that cannot work. */
export interface Capabilities {
  readonly desktop: boolean;
  readonly tray: boolean;
  readonly loginItem: boolean;
  readonly secrets: SecretStrength;
}
