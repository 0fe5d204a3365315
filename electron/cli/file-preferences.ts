import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PREFERENCES, preferencesSchema, type Preferences } from '../../shared/model/preferences.ts';
import type { PreferencesPort } from '../engine/ports.ts';

/** Preferences of the interface in a file of the data directory, for everyone who opens it in a browser. */
export function filePreferences(dataDirectory: string): PreferencesPort {
  const file = join(dataDirectory, 'preferences.json');
  let current = readPreferences(file);
  return {
    get: () => current,
    set(changes) {
      current = preferencesSchema.parse({ ...current, ...changes });
      mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
      // By renaming, so that a reader or a sudden end never meets half a file.
      writeFileSync(`${file}.new`, `${JSON.stringify(current, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
      return current;
    },
  };
}

/** The defaults where there is no file or nobody can read it as preferences: they are a convenience, not data. */
function readPreferences(file: string): Preferences {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return DEFAULT_PREFERENCES;
    throw new Error(`The preferences in ${file} cannot be read.`, { cause });
  }
  const parsed = preferencesSchema.safeParse(safeJson(text));
  return parsed.success ? parsed.data : DEFAULT_PREFERENCES;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Edited by hand into something that is no JSON.
    return null;
  }
}

/** The language of the environment: Chinese where it says so, English otherwise. Source: POSIX, LC_ALL over LC_MESSAGES over LANG. */
export function languageOf(environment: NodeJS.ProcessEnv): 'en' | 'zh-CN' {
  const locale = environment['LC_ALL'] ?? environment['LC_MESSAGES'] ?? environment['LANG'] ?? '';
  return locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
