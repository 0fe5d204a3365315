import type { Socket } from 'node:net';

/** Reads a connection line by line or byte by byte, in the order in which it is asked. */
export interface Conversation {
  /** The next line without its end. Rejects with the system's error, or ECONNRESET when the other side has hung up. */
  readLine(): Promise<string>;
  /** Exactly so many bytes. */
  readBytes(count: number): Promise<Buffer>;
  write(data: string | Buffer): void;
  /** Stop reading, to hand the connection on to TLS; false when something was sent that nobody asked for. */
  release(): boolean;
}

/** A longer line is none of a protocol that is spoken in lines. Source: Go's `bufio.MaxScanTokenSize`. */
const LONGEST_LINE_BYTES = 64 * 1024;

export function converse(socket: Socket): Conversation {
  let buffered: Buffer = Buffer.alloc(0);
  let ended: Error | null = null;
  let wake: () => void = () => undefined;

  const onData = (chunk: Buffer): void => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    wake();
  };
  const onError = (error: Error): void => {
    ended ??= error;
    wake();
  };
  const onEnd = (): void => {
    ended ??= Object.assign(new Error('the other side hung up'), { code: 'ECONNRESET' });
    wake();
  };
  socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);

  /** Wait until `take` finds what it wants at the start of the buffer. */
  async function next<T>(take: () => T | null): Promise<T> {
    for (;;) {
      const found = take();
      if (found !== null) return found;
      if (ended !== null) throw ended;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    readLine: () =>
      next(() => {
        const end = buffered.indexOf(0x0a);
        if (end < 0) {
          if (buffered.length > LONGEST_LINE_BYTES) throw tooLong();
          return null;
        }
        const line = buffered.toString('utf8', 0, end).replace(/\r$/, '');
        buffered = buffered.subarray(end + 1);
        return line;
      }),
    readBytes: (count) =>
      next(() => {
        if (buffered.length < count) return null;
        const bytes = buffered.subarray(0, count);
        buffered = buffered.subarray(count);
        return bytes;
      }),
    write(data) {
      socket.write(data);
    },
    release() {
      socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
      socket.pause();
      return buffered.length === 0;
    },
  };
}

function tooLong(): Error {
  return Object.assign(new Error('it sends a line that does not end'), { code: 'VEDETTE_LINE_TOO_LONG' });
}
