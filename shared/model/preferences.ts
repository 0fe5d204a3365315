import * as z from 'zod';
import { NO_QUIET_HOURS, quietHoursSchema } from './quiet-hours.ts';

/**
 * How the interface looks and behaves for one person. Not configuration: it changes nothing that is watched.
 *
 * The fields have no defaults of their own: a change that names one field must leave the others as they are, and zod
 * fills defaults into partial objects too.
 */
export const preferencesSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'zh-CN']),
  density: z.enum(['compact', 'normal', 'roomy']),
  singleKeyShortcuts: z.boolean(),
  /** Desktop only. */
  closeToTray: z.boolean(),
  startAtLogin: z.boolean(),
  startHidden: z.boolean(),
  popups: z.boolean(),
  quietHours: quietHoursSchema,
});
export type Preferences = z.infer<typeof preferencesSchema>;

export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  language: 'system',
  density: 'normal',
  singleKeyShortcuts: true,
  closeToTray: true,
  startAtLogin: false,
  startHidden: true,
  popups: true,
  quietHours: NO_QUIET_HOURS,
};

/** Preferences as they were stored, by any version: a field that is missing or no longer fits takes its default. */
export function readPreferences(stored: unknown): Preferences {
  const fields = z.record(z.string(), z.unknown()).catch({}).parse(stored);
  const fitting = Object.entries(preferencesSchema.shape).filter(
    ([name, schema]) => schema.safeParse(fields[name]).success,
  );
  return preferencesSchema.parse({
    ...DEFAULT_PREFERENCES,
    ...Object.fromEntries(fitting.map(([name]) => [name, fields[name]])),
  });
}

/** The language to speak: the chosen one, or the system's where it is one that we have. */
export function spokenLanguage(preferences: Preferences, systemLocale: string): 'en' | 'zh-CN' {
  if (preferences.language !== 'system') return preferences.language;
  return systemLocale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
