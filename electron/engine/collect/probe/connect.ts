import { connect } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { isIP } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { Secret, TlsSetting } from '../../config/index.ts';
import type { Endpoint, IpPreference } from '../../config/index.ts';
import { lookUpHost } from '../look-up-host.ts';
import type { RevealSecret } from '../reveal-secret.ts';
import { readCertificate } from './certificate-facts.ts';
import type { ProbePorts } from './probe.ts';
import { ProbeFailure } from './run-probe.ts';
import type { ProbeRun } from './run-probe.ts';

export interface Route {
  readonly ip: IpPreference | null;
  readonly sourceAddress?: string | null;
}

/** Open a connection, timing the name and the handshake. It is closed when the run ends, however it ends. */
export async function openConnection(
  run: ProbeRun,
  { clock }: ProbePorts,
  { host, port }: Endpoint,
  { ip, sourceAddress = null }: Route,
): Promise<Socket> {
  run.awaited = `did not accept a connection`;
  let markedAt = clock.monotonic();
  const enter = (ended: 'resolve' | 'connect'): void => {
    const now = clock.monotonic();
    run.phases[ended] += now - markedAt;
    markedAt = now;
  };
  const resolve = lookUpPreferring(ip);
  const lookup: LookupFunction = (hostname, options, callback) => {
    run.awaited = 'has a name that was not resolved';
    resolve(hostname, options, (error, address, family) => {
      enter('resolve');
      run.awaited = 'did not accept a connection';
      callback(error, address, family);
    });
  };
  const socket = connect({ host, port, lookup, ...(sourceAddress === null ? {} : { localAddress: sourceAddress }) });
  run.onEnd(() => socket.destroy());
  await new Promise<void>((done, fail) => {
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      done();
    });
  });
  // A socket without a listener would throw; whoever reads from it hears of the error first.
  socket.on('error', () => undefined);
  enter('connect');
  run.remoteAddress = socket.remoteAddress ?? null;
  return socket;
}

/** The system's lookup, with the wanted family of addresses first or alone. */
export function lookUpPreferring(ip: IpPreference | null): LookupFunction {
  if (ip === null) return lookUpHost;
  return (hostname, options, callback) => {
    lookUpHost(hostname, { ...options, all: true, family: 0 }, (error, found) => {
      const all = Array.isArray(found) ? found : [];
      const fitting = all.filter(({ family }) => family === ip.family);
      const chosen = fitting.length > 0 || !ip.hasFallback ? fitting : all;
      const [first] = chosen;
      if (error || !first) {
        callback(error ?? noAddress(hostname, ip.family), '', 0);
      } else if (options.all === true) callback(null, chosen);
      else callback(null, first.address, first.family);
    });
  };
}

function noAddress(hostname: string, family: 4 | 6): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address of IPv${String(family)}`), { code: 'ENOTFOUND' });
}

/**
 * Secure an open connection. The certificate is read before it is judged, so that a bad one can be described; the
 * connection is refused when it is not trusted, unless that was asked for.
 */
export async function secureConnection(
  run: ProbeRun,
  { clock, revealSecret }: ProbePorts,
  socket: Socket,
  host: string,
  tls: TlsSetting,
): Promise<TLSSocket> {
  const options = await secureOptions(tls, host, revealSecret);
  run.awaited = 'did not finish the TLS handshake';
  const startedAt = clock.monotonic();
  const secured = connectSecurely({ ...options, socket });
  run.onEnd(() => secured.destroy());
  await new Promise<void>((done, fail) => {
    const gone = (): void => {
      fail(Object.assign(new Error('closed during the handshake'), { code: 'ECONNRESET' }));
    };
    secured.once('error', fail);
    secured.once('close', gone);
    secured.once('secureConnect', () => {
      secured.off('error', fail);
      secured.off('close', gone);
      done();
    });
  });
  secured.on('error', () => undefined);
  run.phases.tls += clock.monotonic() - startedAt;
  run.certificate = readCertificate(secured);
  if (!run.certificate.isTrusted && !tls.insecureSkipVerify) {
    throw Object.assign(new Error('not trusted'), { code: String(secured.authorizationError) });
  }
  return secured;
}

/** What `tls.connect` and `http2.connect` take; a secret that cannot be read ends the run as unknown. */
export async function secureOptions(
  tls: TlsSetting,
  host: string,
  revealSecret: RevealSecret,
): Promise<ConnectionOptions> {
  const reveal = async (secret: Secret | null): Promise<string | null> =>
    secret === null ? null : revealOrFail(secret, revealSecret);
  const [ca, cert, key] = [await reveal(tls.ca), await reveal(tls.cert), await reveal(tls.key)];
  const name = tls.serverName ?? host;
  return {
    ...(isIP(name) === 0 ? { servername: name } : {}),
    host: name,
    rejectUnauthorized: false,
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
    ...(tls.minVersion === null ? {} : { minVersion: tls.minVersion }),
    ...(tls.maxVersion === null ? {} : { maxVersion: tls.maxVersion }),
  };
}

/** A secret's value. That it cannot be read says nothing about the service. */
export async function revealOrFail(secret: Secret, revealSecret: RevealSecret): Promise<string> {
  const reading = await revealSecret(secret);
  if (!reading.ok) throw new ProbeFailure('unknown', 'secret', reading.message);
  return reading.value;
}
