import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  describeSecret,
  fileSecret,
  packSecrets,
  revealSecret,
  secretFrom,
  unpackSecrets,
} from '../../../electron/engine/config/secret.ts';
import type { Secret } from '../../../electron/engine/config/configuration.ts';

const ports = {
  environment: { TOKEN: 'from-environment' },
  readFile: (path: string) =>
    path === '/run/token' ? Promise.resolve('from-file\n') : Promise.reject(new Error('ENOENT')),
  keychain: (name: string) => Promise.resolve(name === 'smtp' ? 'from-keychain' : null),
};

describe('a secret', () => {
  it('never prints its value', () => {
    const secret = secretFrom('hunter2');
    const holder = { nested: { secret } };
    const shown = [JSON.stringify(holder), inspect(holder, { depth: 9, showHidden: true })];
    expect(shown.join()).not.toContain('hunter2');
    expect(shown[0]).toBe('{"nested":{"secret":"<secret>"}}');
  });

  it.each([
    ['hunter2', 'hunter2'],
    ['${env:TOKEN}', 'from-environment'],
    ['${keychain:smtp}', 'from-keychain'],
  ])('%s is revealed at use', async (text, value) => {
    expect(await revealSecret(secretFrom(text), ports)).toEqual({ ok: true, value });
  });

  it('is read from its file without the line break', async () => {
    expect(await revealSecret(fileSecret('/run/token'), ports)).toEqual({ ok: true, value: 'from-file' });
  });

  it.each([secretFrom('${env:MISSING}'), secretFrom('${keychain:other}'), fileSecret('/run/none')])(
    'says what is missing: %j',
    async (secret) => {
      expect((await revealSecret(secret, ports)).ok).toBe(false);
    },
  );

  it('is shown as its reference', () => {
    expect(describeSecret(secretFrom('${env:TOKEN}'))).toBe('${env:TOKEN}');
    expect(describeSecret(secretFrom('plain'))).toBe('<secret>');
  });

  it('refuses to be cloned unnoticed, and crosses to a thread when packed', () => {
    const config = { list: [{ password: secretFrom('hunter2') }], number: 1 };
    expect(() => structuredClone(config)).toThrow();
    const arrived = unpackSecrets<{ list: { password: Secret }[] }>(structuredClone(packSecrets(config)));
    const password = arrived.list[0]?.password;
    expect(password?.kind === 'inline' ? password.reveal() : null).toBe('hunter2');
    expect(JSON.stringify(arrived)).not.toContain('hunter2');
  });
});
