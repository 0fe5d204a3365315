import { ORPCError } from '@orpc/server';
import type { EngineParts } from '../engine-parts.ts';
import type { SecretVault } from '../ports.ts';
import { contractOf } from './implementer.ts';

export function secretCalls({ vault, changed, log }: EngineParts) {
  const { secrets } = contractOf;
  const writable = async (): Promise<SecretVault> => {
    if (vault !== null && (await vault.strength()) !== 'none') return vault;
    throw new ORPCError('UNAVAILABLE', {
      message: 'There is no keychain here. Refer to a file (mode 0600) or to the environment: ${env:NAME}.',
    });
  };
  return {
    list: secrets.list.handler(() => vault?.names() ?? []),
    set: secrets.set.handler(async ({ input: { name, value } }) => {
      await (await writable()).write(name, value);
      log('info', `The secret "${name}" was stored.`);
      changed('settings');
      return { name };
    }),
    remove: secrets.remove.handler(async ({ input: { name }, errors }) => {
      if (!(await writable()).remove(name)) throw errors.NOT_FOUND();
      log('info', `The secret "${name}" was removed.`);
      changed('settings');
      return { name };
    }),
  };
}
