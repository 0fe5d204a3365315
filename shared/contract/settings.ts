import * as z from 'zod';
import { preferencesSchema } from '../model/preferences.ts';
import { read, write } from './procedure.ts';

export const settings = {
  get: read
    .route({
      method: 'GET',
      path: '/settings',
      summary: 'Preferences of the interface, and what this installation can do',
    })
    .output(
      z.object({
        preferences: preferencesSchema,
        capabilities: z.object({
          desktop: z.boolean(),
          tray: z.boolean(),
          loginItem: z.boolean(),
          /** How secrets are kept: the system's keychain, a weak fallback, or not at all. */
          secrets: z.enum(['keychain', 'weak', 'none']),
          /** Whether the caller may change things. */
          mayWrite: z.boolean(),
        }),
      }),
    ),
  set: write
    .route({ method: 'PATCH', path: '/settings', summary: 'Change preferences' })
    .input(preferencesSchema.partial())
    .output(preferencesSchema),
};
