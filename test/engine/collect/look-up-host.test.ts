import type { LookupAddress, LookupOptions } from 'node:dns';
import { expect, test } from 'vitest';
import { lookUpHost } from '../../../electron/engine/collect/look-up-host.ts';

function ask(name: string, options: LookupOptions): Promise<unknown> {
  return new Promise((resolve) => {
    lookUpHost(name, options, (error, address: string | LookupAddress[], family) => {
      resolve(error ?? (Array.isArray(address) ? address : [address, family]));
    });
  });
}

test.each(['localhost', 'LOCALHOST', 'app.localhost', 'localhost.'])(
  '%s is loopback without asking anyone',
  async (name) => {
    expect(await ask(name, {})).toEqual(['127.0.0.1', 4]);
    expect(await ask(name, { family: 6 })).toEqual(['::1', 6]);
    expect(await ask(name, { family: 'IPv4', all: true })).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(await ask(name, { all: true })).toHaveLength(2);
  },
);

test('an address stands for itself, as with the system', async () => {
  expect(await ask('192.0.2.7', {})).toEqual(['192.0.2.7', 4]);
});
