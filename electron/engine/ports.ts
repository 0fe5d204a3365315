import type { Preferences } from '../../shared/model/preferences.ts';

/** Where preferences are kept: electron-store in the desktop application, a file of `conf` without it. */
export interface PreferencesPort {
  get(): Preferences;
  set(changes: Partial<Preferences>): Preferences;
}

/** What this installation can do beyond the engine; shown in Settings, so that nothing is offered that cannot work. */
export interface Capabilities {
  readonly desktop: boolean;
  readonly tray: boolean;
  readonly loginItem: boolean;
  readonly secrets: 'keychain' | 'weak' | 'none';
}
