import { afterEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../../doubles/certificate.ts';
import { bad, lineServer, secure, startTcpServer } from '../../../doubles/tcp-server.ts';
import type { Behaviour, TcpServer } from '../../../doubles/tcp-server.ts';
import { ask, detailsOf, valuesOf } from './ask.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serving(behaviour: Behaviour): Promise<TcpServer> {
  const server = await startTcpServer(behaviour);
  closers.push(() => server.close());
  return server;
}

describe('a TCP check', () => {
  test('is up when something listens, with the series of blackbox_exporter', async () => {
    const { address } = await serving(bad.hanging());
    const result = await ask('tcp', { address });
    expect(result).toMatchObject({ outcome: 'up', reason: null, certificate: null, http: null });
    expect(valuesOf(result)).toMatchObject({
      probe_success: 1,
      probe_failed_due_to_regex: 0,
      probe_ip_protocol: 4,
      probe_ip_addr_hash: 3668918509,
      probe_dns_lookup_time_seconds: 0,
    });
  });

  test('passes over lines until one matches, and sends what the pattern caught', async () => {
    const heard: string[] = [];
    const { address } = await serving(
      lineServer(':server NOTICE\r\nPING :cookie-42\r\n', (line) => {
        heard.push(line);
        return ':server 001 welcome\r\n';
      }),
    );
    const query = [{ expect: 'PING :([^ ]+)', send: 'PONG ${1}' }, { expect: ' 001 (?P<word>\\w+)' }];
    const result = await ask('tcp', { address, query_response: query });
    expect(result.outcome).toBe('up');
    expect(heard).toEqual(['PONG cookie-42']);
    expect(detailsOf(result)).toEqual({ answer: ':server 001 welcome' });
  });

  test('says what the last line was when none matched', async () => {
    const { address } = await serving(bad.gone('SSH-1.99-old\r\n'));
    const result = await ask('tcp', { address, query_response: [{ expect: '^SSH-2.0-' }] });
    expect(result).toMatchObject({
      outcome: 'down',
      reason: { code: 'answer', message: expect.stringContaining('its last one was "SSH-1.99-old"') as string },
    });
    expect(valuesOf(result)).toMatchObject({ probe_success: 0, probe_failed_due_to_regex: 1 });
  });

  test('secures the connection where the dialogue says so', async () => {
    const certificate = makeCertificate();
    const behaviour = lineServer(
      '220 ready\r\n',
      (line, startTls) => {
        if (line === 'STARTTLS') {
          startTls();
          return '220 go ahead\r\n';
        }
        return '250 safe\r\n';
      },
      certificate,
    );
    const { address } = await serving(behaviour);
    const query = [
      { expect: '^220', send: 'STARTTLS' },
      { expect: '^220', starttls: true },
      { send: 'EHLO me' },
      { expect: '^250 safe' },
    ];
    const trusted = await ask('tcp', { address, query_response: query, tls_config: { ca: certificate.authority } });
    expect(trusted).toMatchObject({ outcome: 'up', certificate: { isTrusted: true } });
    const strange = await ask('tcp', { address, query_response: query });
    expect(strange).toMatchObject({ outcome: 'down', reason: { code: 'tls' } });
  });

  test('does not go on with what was sent before the handshake', async () => {
    const { address } = await serving(bad.foreign('220 go\r\n250 injected\r\n'));
    const query = [{ expect: '^220', starttls: true }];
    expect(await ask('tcp', { address, query_response: query })).toMatchObject({
      outcome: 'down',
      reason: { code: 'protocol' },
    });
  });
});

describe('a TLS check', () => {
  const secured = async (options: Parameters<typeof makeCertificate>[0]) => {
    const certificate = makeCertificate(options);
    const { address, port } = await serving((socket) => void secure(socket, certificate));
    return { address, port, tls_config: { ca: certificate.authority } };
  };

  test('tells the names, the leaf and the earliest expiry', async () => {
    const { address, tls_config } = await secured({ days: 90, authorityDays: 40, names: 'DNS:a.test,IP:127.0.0.1' });
    const result = await ask('tls', { address, tls_config });
    expect(result).toMatchObject({
      outcome: 'up',
      certificate: { names: ['a.test'], isTrusted: true, distinguishedName: 'CN=test leaf', issuer: 'test authority' },
    });
    const values = valuesOf(result);
    const { leafExpiresAt = 0, earliestExpiresAt = 0, fingerprint = '' } = result.certificate ?? {};
    expect(leafExpiresAt - earliestExpiresAt).toBe(50 * 86_400_000);
    expect(values['probe_ssl_earliest_cert_expiry']).toBe(earliestExpiresAt / 1000);
    expect(values['vedette_check_certificate_expiry_timestamp_seconds']).toBe(leafExpiresAt / 1000);
    expect(fingerprint).toMatch(/^[\da-f]{64}$/);
    expect(values[`probe_ssl_last_chain_info{${fingerprint},CN=test leaf,CN=test authority,a.test}`]).toBe(1);
    expect(result.phases.tls).toBeGreaterThan(0);
  });

  test('is degraded when a certificate of the chain expires soon', async () => {
    const { address, tls_config } = await secured({ days: 10 });
    const result = await ask('tls', { address, tls_config });
    expect(result).toMatchObject({ outcome: 'degraded', reason: { code: 'certificate' } });
    expect(result.reason?.message).toMatch(/\(test leaf\) expires in 9 days\. Renew it\.$/);
    expect((await ask('tls', { address, tls_config, certificate_expiry: '5d' })).outcome).toBe('up');
  });

  test('is down when the certificate is for another name, and says so', async () => {
    const { address, port } = await secured({ days: 90, names: 'DNS:other.test' });
    const strange = await ask('tls', { address });
    expect(strange).toMatchObject({ outcome: 'down', reason: { code: 'tls' }, certificate: { isTrusted: false } });
    const unasked = await ask('tls', {
      address: `localhost:${String(port)}`,
      tls_config: { insecure_skip_verify: true },
    });
    expect(unasked).toMatchObject({ outcome: 'up', certificate: { isTrusted: false } });
  });

  test('cannot tell when its own files are missing', async () => {
    const { address } = await secured({ days: 90 });
    const result = await ask('tls', { address, tls_config: { ca_file: '/nowhere/ca.pem' } });
    expect(result).toMatchObject({ outcome: 'unknown', reason: { code: 'secret' } });
  });
});
