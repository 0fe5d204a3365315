import { createSocket } from 'node:dgram';
import type { RemoteInfo } from 'node:dgram';
import snmp from 'net-snmp';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../electron/engine/schedule/index.ts';
import { ask, detailsOf, valuesOf } from './ask.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server of datagrams; what `answer` gives is sent back, null is silence. */
async function serving(answer: (message: Buffer, from: RemoteInfo) => Buffer | null): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const said = answer(message, from);
    if (said !== null) socket.send(said, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  closers.push(() => new Promise<void>((resolve) => void socket.close(resolve)));
  return `127.0.0.1:${String(socket.address().port)}`;
}

describe('an NTP check', () => {
  /** A time server whose clock is so far ahead of this machine's. */
  const timeServer =
    (aheadMs: number, { stratum = 2, leap = 0, kiss = '' } = {}) =>
    (question: Buffer): Buffer => {
      const answer = Buffer.alloc(48);
      answer[0] = (leap << 6) | 0b100_100;
      answer[1] = stratum;
      answer.write(kiss, 12, 'latin1');
      question.copy(answer, 24, 40, 48);
      const seconds = (systemClock.now() + aheadMs) / 1000 + 2_208_988_800;
      for (const at of [32, 40]) {
        answer.writeUInt32BE(Math.floor(seconds), at);
        answer.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), at + 4);
      }
      return answer;
    };

  test('is up when the clocks agree', async () => {
    const result = await ask('ntp', { address: await serving(timeServer(0)), max_offset: '20s' });
    expect(result).toMatchObject({ outcome: 'up' });
    expect(valuesOf(result)['vedette_check_ntp_stratum']).toBe(2);
    expect(Math.abs(valuesOf(result)['vedette_check_ntp_offset_seconds'] ?? 99)).toBeLessThan(20);
  });

  test('is degraded when they differ, and says which way', async () => {
    const ahead = await ask('ntp', { address: await serving(timeServer(60_000)) });
    expect(ahead).toMatchObject({ outcome: 'degraded', reason: { code: 'offset' } });
    expect(ahead.reason?.message).toMatch(/this machine is (59|60)\.\d{3} s behind that of/);
    const far = await ask('ntp', { address: await serving(timeServer(0, { stratum: 9 })), max_offset: '20s' });
    expect(far).toMatchObject({ outcome: 'degraded', reason: { code: 'stratum' } });
  });

  test('is down when the server has no time, unknown when it is asked too often', async () => {
    const unsynchronised = await ask('ntp', { address: await serving(timeServer(0, { stratum: 16, leap: 3 })) });
    expect(unsynchronised).toMatchObject({ outcome: 'down', reason: { code: 'unsynchronised' } });
    const denied = await ask('ntp', { address: await serving(timeServer(0, { stratum: 0, kiss: 'DENY' })) });
    expect(denied).toMatchObject({ outcome: 'down', reason: { code: 'kiss' } });
    const rate = await ask('ntp', { address: await serving(timeServer(0, { stratum: 0, kiss: 'RATE' })) });
    expect(rate).toMatchObject({ outcome: 'unknown', reason: { code: 'rate' } });
  });

  test('waits for the true answer when another one comes', async () => {
    const address = await serving((question) => {
      const answer = timeServer(0)(question);
      answer.fill(7, 24, 32);
      return answer;
    });
    const result = await ask('ntp', { address }, { timeoutMs: 300 });
    expect(result).toMatchObject({ outcome: 'down', reason: { code: 'timeout' } });
  });
});

describe('an SNMP check', () => {
  const LOAD = '1.3.6.1.4.1.2021.10.1.3.1';
  const NAME = '1.3.6.1.2.1.1.5.0';

  /** What the library's types leave open of its agent. */
  interface Agent {
    close(): void;
    getAuthorizer(): { addCommunity(name: string): void; addUser(user: object): void };
    registerProvider(provider: object): void;
    getMib(): { setScalarValue(name: string, value: unknown): void };
  }

  /** The library's own agent with two values, for a community and a user. */
  async function agent(): Promise<string> {
    const free = createSocket('udp4');
    await new Promise<void>((resolve) => free.bind(0, '127.0.0.1', resolve));
    const { port } = free.address();
    await new Promise<void>((resolve) => void free.close(resolve));
    const server = snmp.createAgent(
      { port, address: '127.0.0.1', disableAuthorization: false },
      () => undefined,
    ) as Agent;
    closers.push(() => {
      server.close();
    });
    const authorizer = server.getAuthorizer();
    authorizer.addCommunity('readers');
    authorizer.addUser({
      name: 'ann',
      level: snmp.SecurityLevel.authPriv,
      authProtocol: snmp.AuthProtocols.sha,
      authKey: 'long secret',
      privProtocol: snmp.PrivProtocols.aes,
      privKey: 'other secret',
    });
    const { ObjectType, MibProviderType, MaxAccess } = snmp;
    const scalar = (name: string, oid: string, type: number, value: unknown): void => {
      server.registerProvider({
        name,
        type: MibProviderType.Scalar,
        oid: oid.replace(/\.\d+$/, ''),
        scalarType: type,
        maxAccess: MaxAccess['read-only'],
      });
      server.getMib().setScalarValue(name, value);
    };
    scalar('sysName', NAME, ObjectType.OctetString, 'switch-7');
    scalar('load', `${LOAD.slice(0, -2)}.0`, ObjectType.Integer, 42);
    return `127.0.0.1:${String(port)}`;
  }
  const oids = [
    { oid: NAME, name: 'sysName' },
    { oid: `${LOAD.slice(0, -2)}.0`, name: 'load' },
  ];

  test('gives texts as facts and numbers as series', async () => {
    const address = await agent();
    const result = await ask('snmp', { address, community: 'readers', oids });
    expect(result).toMatchObject({ outcome: 'up' });
    expect(detailsOf(result)).toEqual({ sysName: 'switch-7', load: '42' });
    expect(valuesOf(result)[`vedette_check_snmp_value{load,${LOAD.slice(0, -2)}.0}`]).toBe(42);
  });

  test('is degraded outside of limits, and when a value is missing', async () => {
    const address = await agent();
    const limited = oids.map((one) => (one.name === 'load' ? { ...one, max: '40' } : one));
    expect(await ask('snmp', { address, community: 'readers', oids: limited })).toMatchObject({
      outcome: 'degraded',
      reason: { code: 'limit', message: expect.stringContaining('load is 42') as string },
    });
    const more = [...oids, { oid: '1.3.6.1.4.1.9999.1.0', name: 'nothing' }];
    expect(await ask('snmp', { address, community: 'readers', oids: more })).toMatchObject({
      outcome: 'degraded',
      reason: { code: 'missing', message: expect.stringContaining('has no nothing') as string },
    });
  });

  test('speaks version 3, and cannot tell with a wrong key', async () => {
    const address = await agent();
    const user = { address, version: '3', username: 'ann', oids, priv_key: 'other secret', priv_protocol: 'aes' };
    expect(await ask('snmp', { ...user, auth_key: 'long secret' })).toMatchObject({ outcome: 'up' });
    const wrong = await ask('snmp', { ...user, auth_key: 'wrong secret' }, { timeoutMs: 2500 });
    expect(wrong.outcome).not.toBe('up');
  });

  test('is down when nobody answers, and says that a wrong community looks the same', async () => {
    const silent = await ask('snmp', { address: await serving(() => null) }, { timeoutMs: 800 });
    expect(silent).toMatchObject({ outcome: 'down', reason: { code: 'timeout' } });
    expect(silent.reason?.message).toContain('community');
    const garbage = await ask('snmp', { address: await serving(() => Buffer.from('hello')) }, { timeoutMs: 800 });
    expect(garbage).toMatchObject({ outcome: 'down' });
  });
});
