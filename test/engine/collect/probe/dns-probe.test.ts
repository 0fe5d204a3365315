import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, test } from 'vitest';
import { decodeMessage, encodeQuery } from '../../../../electron/engine/collect/probe/dns-message.ts';
import { answerTo, label, record, startNameServer } from '../../../doubles/name-server.ts';
import type { Zone } from '../../../doubles/name-server.ts';
import { ask, detailsOf, valuesOf } from './ask.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function nameServer(zone: Zone, overTcp: Zone = zone): Promise<string> {
  const server = await startNameServer(
    () => zone,
    () => overTcp,
  );
  closers.push(() => server.close());
  return server.address;
}

const A = record(1, Buffer.from([192, 0, 2, 7]));
const MX = record(15, Buffer.concat([Buffer.from([0, 10]), label('mail.example')]));
const NS = record(2, label('ns.example'));
const SOA = record(
  6,
  Buffer.concat([label('ns.example'), label('root.example'), Buffer.from([0x78, 0xc3, 0x8d, 0x01]), Buffer.alloc(16)]),
);

describe('a message of DNS', () => {
  test('is read with names that point back, and written as a zone file writes it', () => {
    const query = encodeQuery(7, { name: 'shop.example', type: 255, class: 1, wantsRecursion: true });
    const txt = record(16, Buffer.concat([Buffer.from([5]), Buffer.from('v="1"'), Buffer.from([1]), Buffer.from('b')]));
    const aaaa = record(28, Buffer.from('20010db8000000000000000000000001', 'hex'));
    const srv = record(33, Buffer.concat([Buffer.from([0, 1, 0, 2, 0x1f, 0x90]), label('a.example')]));
    const message = decodeMessage(answerTo(query, { answer: [A, MX, txt, aaaa, srv], authority: [SOA] }));
    expect(message?.answer.map(({ text }) => text)).toEqual([
      'shop.example.\t300\tIN\tA\t192.0.2.7',
      'shop.example.\t300\tIN\tMX\t10 mail.example.',
      'shop.example.\t300\tIN\tTXT\t"v=\\"1\\"" "b"',
      'shop.example.\t300\tIN\tAAAA\t2001:db8::1',
      'shop.example.\t300\tIN\tSRV\t1 2 8080 a.example.',
    ]);
    expect(message?.authority[0]?.data).toBe('ns.example. root.example. 2026081537 0 0 0 0');
  });

  test('is none when it is cut or points in a circle', () => {
    const query = encodeQuery(7, { name: 'a.example', type: 1, class: 1, wantsRecursion: true });
    const whole = answerTo(query, { answer: [A] });
    for (let length = 0; length < whole.length; length++) expect(decodeMessage(whole.subarray(0, length))).toBeNull();
    const circle = Buffer.from(whole);
    circle.writeUInt16BE(0xc000 | query.length, query.length);
    expect(decodeMessage(circle)).toBeNull();
  });
});

describe('a DNS check', () => {
  test('is up with the answer that is expected, with the series of blackbox_exporter', async () => {
    const server = await nameServer({ answer: [A], authority: [NS] });
    const result = await ask('dns', { server, query_name: 'shop.example', expect: ['192.0.2.7'] });
    expect(result).toMatchObject({ outcome: 'up' });
    expect(detailsOf(result)).toEqual({ rcode: 'NOERROR', records: '192.0.2.7' });
    expect(valuesOf(result)).toMatchObject({
      probe_success: 1,
      probe_dns_query_succeeded: 1,
      probe_dns_answer_rrs: 1,
      probe_dns_authority_rrs: 1,
      probe_dns_additional_rrs: 0,
      'probe_dns_duration_seconds{resolve}': 0,
    });
  });

  test('is down with another answer or another code, and says which', async () => {
    const server = await nameServer({ answer: [A] });
    const other = await ask('dns', { server, query_name: 'shop.example', expect: ['192.0.2.8'] });
    expect(other).toMatchObject({ outcome: 'down', reason: { code: 'answer' } });
    expect(other.reason?.message).toContain('with 192.0.2.7, without 192.0.2.8');
    const gone = await nameServer({ rcode: 3, authority: [SOA] });
    const settings = { server: gone, query_name: 'shop.example' };
    expect(await ask('dns', settings)).toMatchObject({ outcome: 'down', reason: { code: 'rcode' } });
    expect(await ask('dns', { ...settings, valid_rcodes: ['NXDOMAIN'] })).toMatchObject({ outcome: 'up' });
  });

  test('gives the serial number of a zone', async () => {
    const server = await nameServer({ answer: [SOA] });
    const result = await ask('dns', { server, query_name: 'example', query_type: 'SOA' });
    expect(valuesOf(result)['probe_dns_serial']).toBe(2026081537);
  });

  test.each([
    [{ fail_if_matches_regexp: ['192\\.0\\.2'] }, 'down'],
    [{ fail_if_not_matches_regexp: ['\\tA\\t'] }, 'up'],
    [{ fail_if_not_matches_regexp: ['\\tAAAA\\t'] }, 'down'],
    [{ fail_if_none_matches_regexp: ['nothing', 'shop'] }, 'up'],
    [{ fail_if_all_match_regexp: ['shop'] }, 'up'],
  ])('judges records by %j: %s', async (validate_answer_rrs, outcome) => {
    const server = await nameServer({ answer: [A] });
    const result = await ask('dns', { server, query_name: 'shop.example', validate_answer_rrs });
    expect(result.outcome).toBe(outcome);
  });

  test('asks over TCP, also when UDP cut the answer off', async () => {
    const server = await nameServer({ isTruncated: true }, { answer: [A, MX] });
    const settings = { server, query_name: 'shop.example', query_type: 'ANY' };
    const result = await ask('dns', settings);
    expect(detailsOf(result)).toMatchObject({ dnsTransport: 'TCP', records: '192.0.2.7, 10 mail.example.' });
    expect((await ask('dns', { ...settings, transport_protocol: 'tcp' })).outcome).toBe('up');
  });

  test('is down when the server is silent', async () => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const server = `127.0.0.1:${String(socket.address().port)}`;
    closers.push(() => new Promise<void>((resolve) => void socket.close(resolve)));
    const result = await ask('dns', { server, query_name: 'a.example' }, { timeoutMs: 300 });
    expect(result).toMatchObject({ outcome: 'down', reason: { code: 'timeout' } });
    expect(valuesOf(result)).toMatchObject({ probe_success: 0, probe_dns_query_succeeded: 0 });
  });
});
