import type { EngineParts } from '../engine-parts.ts';
import { contractOf } from './implementer.ts';

export function settingsCalls({ preferences, capabilities, changed }: EngineParts) {
  const { settings } = contractOf;
  return {
    get: settings.get.handler(async ({ context }) => ({
      preferences: preferences.get(),
      capabilities: { ...(await capabilities()), mayWrite: context.mayWrite },
    })),
    set: settings.set.handler(({ input }) => {
      // zod fills absent members of a partial with their defaults nowhere, but leaves them undefined: drop those.
      const changes = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      const next = preferences.set(changes);
      changed('settings');
      return next;
    }),
  };
}
