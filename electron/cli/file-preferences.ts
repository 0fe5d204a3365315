import Conf from 'conf';
import { mkdirSync } from 'node:fs';
import { DEFAULT_PREFERENCES, preferencesSchema, type Preferences } from '../../shared/model/preferences.ts';
import type { PreferencesPort } from '../engine/ports.ts';

/** Preferences of the interface in a file of the data directory, for everyone who opens it in a browser. */
export function filePreferences(dataDirectory: string): PreferencesPort {
  // Made here because the store of the preferences would make it readable for everyone.
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const store = new Conf<{ preferences: Partial<Preferences> }>({
    cwd: dataDirectory,
    configName: 'preferences',
    clearInvalidConfig: true,
    defaults: { preferences: {} },
  });
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

/** The language of the environment: Chinese where it says so, English otherwise. Source: POSIX, LC_ALL over LC_MESSAGES over LANG. */
export function languageOf(environment: NodeJS.ProcessEnv): 'en' | 'zh-CN' {
  const locale = environment['LC_ALL'] ?? environment['LC_MESSAGES'] ?? environment['LANG'] ?? '';
  return locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
