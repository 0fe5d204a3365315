import * as z from 'zod';

/** How the interface looks and behaves for one person. Not configuration: it changes nothing that is watched. */
export const preferencesSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  language: z.enum(['system', 'en', 'zh-CN']).default('system'),
  density: z.enum(['compact', 'normal', 'roomy']).default('normal'),
  singleKeyShortcuts: z.boolean().default(true),
  /** Desktop only. */
  closeToTray: z.boolean().default(true),
  startAtLogin: z.boolean().default(false),
  startHidden: z.boolean().default(true),
  popups: z.boolean().default(true),
});
export type Preferences = z.infer<typeof preferencesSchema>;

export const DEFAULT_PREFERENCES: Preferences = preferencesSchema.parse({});
