import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../../doubles/certificate.ts';
import { bad, lineServer, startTcpServer } from '../../../doubles/tcp-server.ts';
import type { Behaviour, TcpServer } from '../../../doubles/tcp-server.ts';
import { ask, detailsOf } from './ask.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serving(behaviour: Behaviour): Promise<TcpServer> {
  const server = await startTcpServer(behaviour);
  closers.push(() => server.close());
  return server;
}

describe('an SMTP check', () => {
  const certificate = makeCertificate({ days: 60 });
  const tls_config = { ca: certificate.authority };

  async function mailServer(options: ConstructorParameters<typeof SMTPServer>[0] = {}): Promise<string> {
    const server = new SMTPServer({
      key: certificate.key,
      cert: certificate.chain,
      authOptional: true,
      onAuth({ username, password }, _session, answer) {
        if (username === 'ann' && password === 'secret') answer(null, { user: username });
        else answer(new Error('Invalid username or password'));
      },
      ...options,
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () =>
        new Promise<void>((resolve) => {
          server.close(resolve);
        }),
    );
    return `127.0.0.1:${String((server.server.address() as AddressInfo).port)}`;
  }

  test('is up after the greeting, and after STARTTLS and a login where they are asked for', async () => {
    const address = await mailServer();
    expect(await ask('smtp', { address })).toMatchObject({ outcome: 'up', certificate: null });
    const login = { username: 'ann', password: 'secret' };
    const result = await ask('smtp', { address, security: 'starttls', tls_config, ...login });
    expect(result).toMatchObject({ outcome: 'up', reason: null, certificate: { isTrusted: true } });
    expect(detailsOf(result)['greeting']).toMatch(/ESMTP/);
  });

  test('cannot tell with a wrong password', async () => {
    const address = await mailServer();
    const settings = { address, security: 'starttls', tls_config, username: 'ann', password: 'wrong' };
    expect(await ask('smtp', settings)).toMatchObject({ outcome: 'unknown', reason: { code: 'credentials' } });
  });

  test('is down when STARTTLS is not offered, and degraded when the certificate expires soon', async () => {
    const open = await mailServer({ hideSTARTTLS: true });
    expect(await ask('smtp', { address: open, security: 'starttls', tls_config })).toMatchObject({
      outcome: 'down',
      reason: { code: 'starttls' },
    });
    const soon = await mailServer({ secure: true });
    const settings = { address: soon, security: 'implicit', tls_config, certificate_expiry: '90d' };
    expect(await ask('smtp', settings)).toMatchObject({ outcome: 'degraded', reason: { code: 'certificate' } });
  });

  test('is down when mail is refused at the door, degraded when it is put off', async () => {
    const refusing = await serving(bad.foreign('554 no service here\r\n'));
    expect(await ask('smtp', { address: refusing.address })).toMatchObject({
      outcome: 'down',
      reason: { code: 'refused', message: expect.stringContaining('554 no service here') as string },
    });
    const busy = await serving(lineServer('220 hi\r\n', () => '451 try later\r\n'));
    expect(await ask('smtp', { address: busy.address })).toMatchObject({
      outcome: 'degraded',
      reason: { code: 'answer', message: expect.stringContaining('EHLO with 451 try later') as string },
    });
  });
});

describe('an IMAP check', () => {
  const certificate = makeCertificate();

  /** The few commands that the check uses. */
  const mailbox = (capabilities = 'IMAP4rev2 STARTTLS'): Behaviour =>
    lineServer(
      '* OK mailbox ready\r\n',
      (line, startTls) => {
        const [tag = '', command = '', ...rest] = line.split(' ');
        if (command === 'STARTTLS') {
          startTls();
          return `${tag} OK begin\r\n`;
        }
        if (command === 'CAPABILITY') return `* CAPABILITY ${capabilities}\r\n${tag} OK done\r\n`;
        if (command === 'LOGIN') return `${tag} ${rest.join(' ') === '"ann" "se\\"cret"' ? 'OK' : 'NO wrong'}\r\n`;
        return command === 'LOGOUT' ? null : `${tag} BAD unknown\r\n`;
      },
      certificate,
    );

  test('is up after STARTTLS and a login', async () => {
    const { address } = await serving(mailbox());
    const tls_config = { ca: certificate.authority };
    const settings = { address, security: 'starttls', tls_config, username: 'ann', password: 'se"cret' };
    const result = await ask('imap', settings);
    expect(result).toMatchObject({ outcome: 'up', certificate: { isTrusted: true } });
    expect(detailsOf(result)).toEqual({ greeting: 'mailbox ready', capabilities: 'IMAP4rev2 STARTTLS' });
  });

  test('cannot tell with a wrong password, or where a login is not allowed', async () => {
    const login = { username: 'ann', password: 'wrong' };
    const { address } = await serving(mailbox());
    expect(await ask('imap', { address, ...login })).toMatchObject({
      outcome: 'unknown',
      reason: { code: 'credentials' },
    });
    const closed = await serving(mailbox('IMAP4rev2 LOGINDISABLED'));
    expect(await ask('imap', { address: closed.address, ...login })).toMatchObject({
      outcome: 'unknown',
      reason: { code: 'credentials' },
    });
  });

  test('is down when the server says goodbye at once', async () => {
    const { address } = await serving(bad.foreign('* BYE too many connections\r\n'));
    expect(await ask('imap', { address })).toMatchObject({
      outcome: 'down',
      reason: { code: 'refused', message: expect.stringContaining('too many connections') as string },
    });
  });
});
