import { connect, type Socket } from 'node:net';
import { type AnswerReader, createAnswerReader, type PlainAnswer } from './answer-reader.ts';
import type { BodyMemory } from './body-memory.ts';
import { lookUpHost } from '../look-up-host.ts';

/** A connection to one server over which requests are sent again and again, without TLS. */
export interface PlainConnection {
  /**
   * Send a request and read its whole answer. Calls that overlap get connections of their own.
   *
   * @param request head and all, one character per byte
   * @param mostBytes see {@link createAnswerReader}
   * @throws the system's error, one whose code begins with `HPE_` for what is not HTTP, and the signal's reason
   */
  ask(request: string, mostBytes: number, signal: AbortSignal): Promise<PlainAnswer>;
  close(): void;
}

interface Link {
  readonly socket: Socket;
  exchange: Exchange | null;
}

interface Exchange {
  readonly reader: AnswerReader;
  hasBegun: boolean;
  readonly finish: (error: Error | null) => void;
}

/** As Go's client, and so Prometheus's. */
const KEEP_ALIVE_DELAY_MS = 15_000;

/**
 * Speak HTTP/1.1 directly on a socket. A scrape asks the same short question a thousand times over; `node:http` under a
 * client library makes some forty objects and two streams of each, which took twice as long as reading the samples.
 */
export function connectPlainly(url: URL, memory: BodyMemory): PlainConnection {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? 80 : Number(url.port);
  const links = new Set<Link>();
  let idle: Link | null = null;

  function open(): Link {
    const socket = connect({
      host,
      port,
      lookup: lookUpHost,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
      onread: {
        buffer: memory.readBuffer(),
        callback(count, bytes) {
          receive(link, Buffer.from(bytes.buffer, bytes.byteOffset, count));
          return true;
        },
      },
    });
    const link: Link = { socket, exchange: null };
    links.add(link);
    socket.on('error', (error) => link.exchange?.finish(error));
    socket.on('close', () => {
      links.delete(link);
      if (idle === link) idle = null;
      const { exchange } = link;
      exchange?.finish(exchange.reader.end() ? null : connectionLost());
    });
    return link;
  }

  function receive(link: Link, bytes: Buffer): void {
    const { exchange, socket } = link;
    if (exchange === null) {
      socket.destroy(); // speaks without having been asked
      return;
    }
    exchange.hasBegun = true;
    try {
      if (exchange.reader.read(bytes)) exchange.finish(null);
    } catch (error) {
      exchange.finish(error as Error);
    }
  }

  function exchange(link: Link, request: string, mostBytes: number, signal: AbortSignal): Promise<PlainAnswer> {
    return new Promise((resolve, reject) => {
      const reader = createAnswerReader(memory, mostBytes);
      const stop = (): void => own.finish(signal.reason as Error);
      const own: Exchange = {
        reader,
        hasBegun: false,
        finish(error) {
          link.exchange = null;
          signal.removeEventListener('abort', stop);
          if (error === null && reader.isReusable() && idle === null && !link.socket.destroyed) {
            idle = link;
            link.socket.unref();
          } else link.socket.destroy();
          if (error === null) resolve(reader.answer());
          else {
            reader.discard();
            reject(error);
          }
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      link.exchange = own;
      link.socket.ref();
      link.socket.write(request, 'latin1');
    });
  }

  return {
    async ask(request, mostBytes, signal) {
      signal.throwIfAborted();
      const kept = idle;
      idle = null;
      if (kept !== null) {
        const sent = exchange(kept, request, mostBytes, signal);
        const { exchange: own } = kept;
        try {
          return await sent;
        } catch (error) {
          // The server may have closed the idle connection in this very moment, which says nothing about its health.
          if (signal.aborted || own?.hasBegun !== false || !wasClosed(error)) throw error;
        }
      }
      return exchange(open(), request, mostBytes, signal);
    },
    close() {
      for (const { socket } of links) socket.destroy();
    },
  };
}

function connectionLost(): Error {
  return Object.assign(new Error('the connection was closed before the answer was complete'), { code: 'ECONNRESET' });
}

function wasClosed(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ECONNRESET' || code === 'EPIPE';
}
