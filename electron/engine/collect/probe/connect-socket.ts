import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { ServerAddress, TlsSetting } from '../../config/index.ts';
import { lookUpHost } from '../look-up-host.ts';
import type { RevealSecret } from '../reveal-secret.ts';
import { secureOptions } from './connect.ts';

/** Open a connection; it is destroyed when the signal aborts. Rejects with the system's error. */
export async function connectSocket(
  { host, port }: ServerAddress,
  secure: ConnectionOptions | null,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const address = { host, port, lookup: lookUpHost };
    const socket = secure === null ? connect(address) : connectTls({ ...secure, ...address });
    const abort = (): void => void socket.destroy();
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    socket.once('error', reject);
    socket.once(secure === null ? 'connect' : 'secureConnect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** What `node:tls` and the drivers of databases take, which judge the certificate themselves; null leaves it plain. */
export async function strictOptions(
  tls: TlsSetting | null,
  host: string,
  revealSecret: RevealSecret,
): Promise<ConnectionOptions | null> {
  if (tls === null) return null;
  return { ...(await secureOptions(tls, host, revealSecret)), rejectUnauthorized: !tls.insecureSkipVerify };
}

/** Open a socket of this machine by its path. Rejects with the system's error. */
export function connectUnix(path: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    const abort = (): void => void socket.destroy();
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
