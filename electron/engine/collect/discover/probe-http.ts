import { request } from 'node:http';
import type { Listener } from './discovery.ts';

/** The beginning of an answer to a GET. */
export type HttpAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      readonly server: string;
      /** At most {@link BODY_LIMIT_BYTES}. */
      readonly body: string;
    }
  /** It speaks, but not HTTP. */
  | { readonly kind: 'other'; readonly isTls: boolean; readonly greeting: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent' };

const BODY_LIMIT_BYTES = 64 * 1024;
const TLS_ALERT = 0x15;

/** GET a path of a listener on loopback. Follows nothing, reads the beginning only, and ends with `signal`. */
export function probeHttp(listener: Pick<Listener, 'address' | 'port'>, path: string, signal: AbortSignal) {
  return new Promise<HttpAnswer>((resolve) => {
    const asked = request({
      host: listener.address,
      port: listener.port,
      path,
      agent: false,
      signal,
      maxHeaderSize: 16 * 1024,
      headers: { Host: hostAndPort(listener), Accept: 'text/plain, application/json, */*', Connection: 'close' },
    });
    asked.on('response', (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      const finish = () => {
        resolve({
          kind: 'answer',
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          server: String(response.headers.server ?? ''),
          body: Buffer.concat(parts).toString('utf8', 0, BODY_LIMIT_BYTES),
        });
        asked.destroy();
      };
      response.on('data', (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length >= BODY_LIMIT_BYTES) finish();
      });
      // An event stream never ends: what came before the time was up is the answer.
      response.on('end', finish);
      response.on('error', finish);
      response.on('close', finish);
    });
    asked.on('error', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }) => {
      if (error.code === 'ECONNREFUSED') resolve({ kind: 'refused' });
      else if (error.code?.startsWith('HPE_') === true || error.code === 'ECONNRESET') {
        const packet = error.rawPacket ?? Buffer.alloc(0);
        resolve({ kind: 'other', isTls: packet[0] === TLS_ALERT, greeting: packet.toString('latin1', 0, 80) });
      } else resolve({ kind: 'silent' });
    });
    asked.end();
  });
}

/** The listener as a URL and a scrape target write it. */
export function hostAndPort({ address, port }: Pick<Listener, 'address' | 'port'>): string {
  const host = address === '127.0.0.1' ? 'localhost' : address.includes(':') ? `[${address}]` : address;
  return `${host}:${String(port)}`;
}
