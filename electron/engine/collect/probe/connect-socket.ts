import { readFile } from 'node:fs/promises';
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { ClientTls, ServerAddress } from '../../config/index.ts';
import { lookUpHost } from '../look-up-host.ts';

/** Open a connection; it is destroyed when the signal aborts. Rejects with the system's error. */
export async function connectSocket(
  { host, port }: ServerAddress,
  tls: ClientTls | null,
  signal: AbortSignal,
): Promise<Socket> {
  const secure = tls === null ? null : await tlsOptions(host, tls);
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const address = { host, port, lookup: lookUpHost };
    const socket = secure === null ? connect(address) : connectTls({ ...address, ...secure });
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

/** What `node:tls` and the drivers of databases take. */
export async function tlsOptions(host: string, { caFile, insecureSkipVerify }: ClientTls): Promise<ConnectionOptions> {
  return {
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(caFile === null ? {} : { ca: await readFile(caFile) }),
    rejectUnauthorized: !insecureSkipVerify,
  };
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
