import { afterEach, describe, expect, test } from 'vitest';
import type { ProbeKindName } from '../../../../electron/engine/config/index.ts';
import { bad, startTcpServer } from '../../../doubles/tcp-server.ts';
import type { Behaviour, TcpServer } from '../../../doubles/tcp-server.ts';
import { ask } from './ask.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serving(behaviour: Behaviour): Promise<TcpServer> {
  const server = await startTcpServer(behaviour);
  closers.push(() => server.close());
  return server;
}

/** Every kind that goes over TCP, with the least that it needs. */
const KINDS: Readonly<Partial<Record<ProbeKindName, (address: string) => object>>> = {
  http: (address) => ({ url: `http://${address}/` }),
  tcp: (address) => ({ address, query_response: [{ send: 'PING' }, { expect: '^PONG' }] }),
  tls: (address) => ({ address }),
  websocket: (address) => ({ url: `ws://${address}/` }),
  grpc: (address) => ({ address }),
  mqtt: (address) => ({ address }),
  smtp: (address) => ({ address }),
  imap: (address) => ({ address }),
  dns: (server) => ({ server, query_name: 'a.example', transport_protocol: 'tcp' }),
};
const entries = Object.entries(KINDS) as [ProbeKindName, (address: string) => object][];

/** Outcome and code of each kind against the same behaviour, all at once. */
async function verdicts(behaviour: (kind: ProbeKindName) => Behaviour, timeoutMs: number): Promise<object> {
  const made = await Promise.all(
    entries.map(async ([kind, settings]) => {
      const server = await serving(behaviour(kind));
      const { outcome, reason } = await ask(kind, settings(server.address), { timeoutMs });
      return [kind, `${outcome} ${reason?.code ?? ''}`] as const;
    }),
  );
  return Object.fromEntries(made);
}

function all(verdict: string): object {
  return Object.fromEntries(entries.map(([kind]) => [kind, verdict]));
}

describe('a server that is bad in a way that has nothing to do with what it should speak', () => {
  test('is down with the time limit when it hangs', async () => {
    expect(await verdicts(() => bad.hanging(), 500)).toEqual(all('down timeout'));
  });

  test('is down, and at the time limit at the latest, when it drips', async () => {
    const found = await verdicts(() => bad.dripping(' '), 500);
    expect(Object.values(found).every((verdict) => /^down (timeout|protocol|tls)$/.test(String(verdict)))).toBe(true);
    expect(found).toMatchObject({ tcp: 'down timeout', smtp: 'down timeout', imap: 'down timeout' });
  });

  test('is down when it resets the connection', async () => {
    const found = await verdicts((kind) => (['smtp', 'imap'].includes(kind) ? bad.gone() : bad.resetting()), 10_000);
    expect(found).toEqual(all('down reset'));
  });

  test('is down when nothing listens', async () => {
    const server = await startTcpServer(bad.hanging());
    await server.close();
    const made = entries.map(async ([kind, settings]) => (await ask(kind, settings(server.address))).reason?.code);
    expect(new Set(await Promise.all(made))).toEqual(new Set(['refused']));
  });

  test('is said to speak something else when it does', async () => {
    const found = await verdicts(() => bad.foreign('# I am a teapot, hear me boil.\r\nGo away\r\n\r\n'), 1000);
    expect(found).toEqual({
      http: 'down protocol',
      tcp: 'down timeout',
      tls: 'down tls',
      websocket: 'down protocol',
      grpc: 'down protocol',
      mqtt: 'down protocol',
      smtp: 'down protocol',
      imap: 'down protocol',
      dns: 'down timeout',
    });
  });

  test('is down when it goes in the middle of an answer', async () => {
    const beginnings: Partial<Record<ProbeKindName, string | Buffer>> = {
      http: 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf',
      tcp: 'PO',
      tls: Buffer.from([0x16, 0x03, 0x03, 0x00]),
      websocket: 'HTTP/1.1 101 Switch',
      grpc: Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]), // an empty SETTINGS frame
      mqtt: Buffer.from([0x20]),
      smtp: '220-first line\r\n220',
      imap: '* OK half a gree',
      dns: Buffer.from([0, 40, 1, 2]),
    };
    const found = await verdicts((kind) => bad.gone(beginnings[kind]), 10_000);
    expect(found).toEqual(all('down reset'));
  });
});
