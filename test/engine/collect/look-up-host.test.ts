import type { LookupAddress, LookupOptions } from 'node:dns';
import { expect, test } from 'vitest';
import { addressesIn, createLookup, lookUpHost } from '../../../electron/engine/collect/look-up-host.ts';
import type { LookupSources } from '../../../electron/engine/collect/look-up-host.ts';

function ask(name: string, options: LookupOptions, lookup = lookUpHost): Promise<unknown> {
  return new Promise((resolve) => {
    lookup(name, options, (error, address: string | LookupAddress[], family) => {
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

/** A network without names, except for what a test adds; `asked` tells who was asked for what. */
function sources(changes: Partial<LookupSources>): LookupSources & { readonly asked: string[] } {
  const asked: string[] = [];
  const nobody = (by: string) => (name: string) => {
    asked.push(`${by} ${name}`);
    return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
  };
  return {
    asked,
    hosts: () => Promise.resolve(''),
    resolve4: nobody('4'),
    resolve6: nobody('6'),
    system: nobody('system'),
    ...changes,
  };
}

test('the table of the system comes before the name servers', async () => {
  const known = sources({ hosts: () => Promise.resolve('# ours\n10.0.0.5 db.example DB2\n::5 db.example') });
  expect(await ask('DB.example', { all: true }, createLookup(known))).toEqual([
    { address: '10.0.0.5', family: 4 },
    { address: '::5', family: 6 },
  ]);
  expect(known.asked).toEqual([]);
  expect(addressesIn('10.0.0.5 db.example # api.example', 'api.example')).toEqual([]);
});

test('both families are asked for, and one of them is enough', async () => {
  const known = sources({ resolve4: () => Promise.resolve(['192.0.2.1', '192.0.2.2']) });
  expect(await ask('api.example', { all: true }, createLookup(known))).toEqual([
    { address: '192.0.2.1', family: 4 },
    { address: '192.0.2.2', family: 4 },
  ]);
  expect(known.asked).toEqual(['6 api.example']);
});

test('a name that is not there is told apart from name servers that are silent', async () => {
  expect(await ask('api.example', {}, createLookup(sources({})))).toMatchObject({ code: 'ENOTFOUND' });
  const silent = (): Promise<never> => Promise.reject(Object.assign(new Error('silent'), { code: 'ETIMEOUT' }));
  const lookup = createLookup(sources({ resolve4: silent, resolve6: silent }));
  expect(await ask('api.example', {}, lookup)).toMatchObject({ code: 'EAI_AGAIN' });
});

test('who asks for the same name at the same time shares the answer', async () => {
  let questions = 0;
  const resolve4 = (): Promise<string[]> => {
    questions++;
    return Promise.resolve(['192.0.2.1']);
  };
  const lookup = createLookup(sources({ resolve4 }));
  await Promise.all([ask('api.example', {}, lookup), ask('API.example', {}, lookup)]);
  expect(questions).toBe(1);
});

test('the system is asked for names that only it can know, two at a time', async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  let active = 0;
  const system: LookupSources['system'] = async () => {
    most = Math.max(most, ++active);
    await new Promise<void>((resolve) => waiting.push(resolve));
    active--;
    return [{ address: '10.0.0.9', family: 4 }];
  };
  const lookup = createLookup(sources({ system }));
  const answers = ['nas', 'printer.local', 'router', 'tv.local'].map((name) => ask(name, {}, lookup));
  const all = { areDone: false };
  void Promise.all(answers).then(() => (all.areDone = true));
  while (!all.areDone) {
    await new Promise((resolve) => setImmediate(resolve));
    waiting.shift()?.();
  }
  expect(await answers[3]).toEqual(['10.0.0.9', 4]);
  expect(most).toBe(2);
});
