import type { Socket } from 'node:net';
import { quoteBytes } from '../driver-socket.ts';
import { ProbeFailure } from '../run-probe.ts';

export type RespValue = string | number | null | RespError | readonly RespValue[];

/** `-NOAUTH Authentication required.`: an answer, not a failure of the connection. */
export class RespError {
  /** `NOAUTH` */
  readonly code: string;
  readonly message: string;
  constructor(line: string) {
    this.code = /^[A-Z]+/.exec(line)?.[0] ?? 'ERR';
    this.message = line;
  }
}

/** Commands to a Redis server, one after the other. */
export interface RespConnection {
  /** Rejects when the connection ends, or when what comes is not Redis's protocol. */
  command(...words: readonly string[]): Promise<RespValue>;
  end(): void;
}

/** INFO has some kilobytes; more than this is no answer to what is asked here. */
const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * Speak the Redis protocol over a socket that is open. Source: Redis serialization protocol specification, version 2.
 *
 * @param address how a failure calls the server
 */
export function speakResp(socket: Socket, address: string): RespConnection {
  let received = Buffer.alloc(0);
  let waiting: { resolve: (value: RespValue) => void; reject: (error: unknown) => void } | null = null;
  let failure: Error | null = null;

  const fail = (error: Error): void => {
    failure ??= error;
    waiting?.reject(failure);
    waiting = null;
    socket.destroy();
  };
  const take = (): void => {
    let parsed: { value: RespValue; end: number } | null;
    try {
      parsed = parseResp(received, 0);
    } catch (error) {
      if (!(error instanceof NotRespError)) throw error;
      fail(
        new ProbeFailure('down', 'protocol', `${address} does not speak Redis: it answered "${quoteBytes(received)}".`),
      );
      return;
    }
    if (parsed === null) {
      if (received.length <= LARGEST_ANSWER_BYTES) return;
      fail(new ProbeFailure('down', 'protocol', `${address} sends an answer without end.`));
      return;
    }
    received = received.subarray(parsed.end);
    waiting?.resolve(parsed.value);
    waiting = null;
  };
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    take();
  });
  socket.on('error', fail);
  socket.on('close', () => {
    fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  });

  return {
    command(...words) {
      if (failure !== null) return Promise.reject(failure);
      const { promise, resolve, reject } = Promise.withResolvers<RespValue>();
      waiting = { resolve, reject };
      socket.write(encodeCommand(words));
      return promise;
    },
    end() {
      socket.destroySoon();
    },
  };
}

class NotRespError extends Error {}

function encodeCommand(words: readonly string[]): string {
  const parts = words.map((word) => `$${String(Buffer.byteLength(word))}\r\n${word}\r\n`);
  return `*${String(words.length)}\r\n${parts.join('')}`;
}

/** @returns null while the value is not complete */
export function parseResp(bytes: Buffer, start: number): { readonly value: RespValue; readonly end: number } | null {
  if (start >= bytes.length) return null;
  const kind = String.fromCharCode(bytes[start] ?? 0);
  if (!'+-:$*'.includes(kind)) throw new NotRespError();
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd === -1) return null;
  const line = bytes.toString('utf8', start + 1, lineEnd);
  const end = lineEnd + 2;
  switch (kind) {
    case '+':
      return { value: line, end };
    case '-':
      return { value: new RespError(line), end };
  }
  if (!/^-?\d+$/.test(line)) throw new NotRespError();
  const number = Number(line);
  if (kind === ':') return { value: number, end };
  if (number < 0) return { value: null, end };
  if (kind === '$') {
    if (bytes.length < end + number + 2) return null;
    return { value: bytes.toString('utf8', end, end + number), end: end + number + 2 };
  }
  const values: RespValue[] = [];
  let at = end;
  for (let index = 0; index < number; index++) {
    const item = parseResp(bytes, at);
    if (item === null) return null;
    values.push(item.value);
    at = item.end;
  }
  return { value: values, end: at };
}
