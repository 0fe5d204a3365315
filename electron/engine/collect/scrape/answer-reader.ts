import type { BodyMemory } from './body-memory.ts';

/** An answer of HTTP/1, its body as it came, which may be compressed. */
export interface PlainAnswer {
  readonly status: number;
  readonly statusText: string;
  /** The last one of each name, in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** To be given back to the memory that it was read into. */
  readonly body: Buffer;
}

/** Reads one answer, piece by piece. */
export interface AnswerReader {
  /**
   * @returns whether the answer is complete
   * @throws an error with a `code` beginning with `HPE_`, as Node's parser does, when this is not HTTP
   */
  read(bytes: Buffer): boolean;
  /** The connection has ended. @returns whether the answer is complete by that */
  end(): boolean;
  /** Only of a complete answer. */
  answer(): PlainAnswer;
  /** Whether the connection may carry another request after the complete answer. */
  isReusable(): boolean;
  /** Give up the memory of an answer that will not be taken. */
  discard(): void;
}

type Place = 'head' | 'length' | 'until-end' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'done';

const NEWLINE = 10;
const RETURN = 13;
const LARGEST_HEAD_BYTES = 64 * 1024;
const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: (.*))?$/;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;
const CHUNK_SIZE = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/;

/**
 * @param mostBytes how large the body may become; beyond it, the answer ends there with one byte more than that
 * Source: RFC 9112, sections 4 to 7.
 */
export function createAnswerReader(memory: BodyMemory, mostBytes: number): AnswerReader {
  let place: Place = 'head';
  let head = '';
  let status = 0;
  let statusText = '';
  let headers = new Map<string, string>();
  let isReusable = false;
  /** Of a line that is still under way: the head, a chunk's size, the trailer. */
  let line = '';
  let left = 0;
  let body: Buffer | null = null;
  let length = 0;

  function readHead(bytes: Buffer, start: number): number {
    const from = Math.max(0, head.length - 3);
    head += bytes.toString('latin1', start);
    const end = head.indexOf('\r\n\r\n', from);
    if (end < 0) {
      if (head.length > LARGEST_HEAD_BYTES) throw notHttp('HEADER_OVERFLOW', 'the header is too long');
      return bytes.length;
    }
    const [statusLine = '', ...lines] = head.slice(0, end).split('\r\n');
    const next = bytes.length - (head.length - (end + 4));
    head = '';
    const match = STATUS_LINE.exec(statusLine);
    if (match === null) throw notHttp('INVALID_CONSTANT', 'the answer does not begin with HTTP/1');
    headers = readHeaders(lines);
    status = Number(match[2]);
    statusText = match[3] ?? '';
    if (status === 101) throw notHttp('INVALID_STATUS', 'the server wants another protocol');
    if (status >= 200) chooseBody(match[1] === '1');
    return next;
  }

  function chooseBody(isVersion11: boolean): void {
    const connection = (headers.get('connection') ?? '').toLowerCase().split(/[ \t]*,[ \t]*/);
    isReusable = isVersion11 ? !connection.includes('close') : connection.includes('keep-alive');
    const coding = headers.get('transfer-encoding');
    const size = headers.get('content-length');
    if (status === 204 || status === 304) place = 'done';
    else if (coding !== undefined) {
      if (coding.toLowerCase() !== 'chunked' || size !== undefined)
        throw notHttp('INVALID_TRANSFER_ENCODING', 'the length of the body is not clear');
      place = 'chunk-size';
    } else if (size === undefined) {
      place = 'until-end';
      isReusable = false;
    } else {
      if (!/^\d{1,15}$/.test(size)) throw notHttp('INVALID_CONTENT_LENGTH', 'the length of the body is no number');
      left = Number(size);
      place = left === 0 ? 'done' : 'length';
      reserve(Math.min(left, mostBytes + 1));
    }
  }

  function reserve(sizeBytes: number): Buffer {
    if (body !== null && body.length >= sizeBytes) return body;
    const larger = memory.take(body === null ? sizeBytes : Math.max(sizeBytes, body.length * 2));
    if (body !== null) {
      body.copy(larger, 0, 0, length);
      memory.giveBack(body);
    }
    return (body = larger);
  }

  /** Take up to `most` bytes of the body. */
  function keep(bytes: Buffer, start: number, most: number): number {
    const count = Math.min(most, bytes.length - start, mostBytes + 1 - length);
    bytes.copy(reserve(length + count), length, start, start + count);
    length += count;
    if (length > mostBytes) {
      place = 'done';
      isReusable = false;
    }
    return start + count;
  }

  /** Add to `line` up to the newline. @returns where it goes on, or -1 when the line is not complete */
  function readLine(bytes: Buffer, start: number): number {
    const newline = bytes.indexOf(NEWLINE, start);
    line += bytes.toString('latin1', start, newline < 0 ? bytes.length : newline);
    if (line.length > LARGEST_HEAD_BYTES) throw notHttp('INVALID_CHUNK_SIZE', 'a line between chunks is too long');
    if (newline < 0) return -1;
    if (line.charCodeAt(line.length - 1) !== RETURN) throw notHttp('CR_EXPECTED', 'a line does not end with CR LF');
    line = line.slice(0, -1);
    return newline + 1;
  }

  /** Read on from `start`. @returns where it goes on */
  function step(bytes: Buffer, start: number): number {
    switch (place) {
      case 'head':
        return readHead(bytes, start);
      case 'until-end':
        return keep(bytes, start, Infinity);
      case 'length':
      case 'chunk': {
        const next = keep(bytes, start, left);
        left -= next - start;
        if (left === 0 && place === 'chunk') place = 'chunk-end';
        else if (left === 0) place = 'done';
        return next;
      }
      case 'chunk-size': {
        const next = readLine(bytes, start);
        if (next < 0) return bytes.length;
        const match = CHUNK_SIZE.exec(line);
        if (match === null) throw notHttp('INVALID_CHUNK_SIZE', 'the size of a chunk is no number');
        line = '';
        left = parseInt(match[1] ?? '', 16);
        place = left === 0 ? 'trailer' : 'chunk';
        return next;
      }
      case 'chunk-end':
      case 'trailer': {
        const next = readLine(bytes, start);
        if (next < 0) return bytes.length;
        if (place === 'trailer') place = line === '' ? 'done' : 'trailer';
        else if (line === '') place = 'chunk-size';
        else throw notHttp('INVALID_CHUNK_SIZE', 'a chunk is longer than its size');
        line = '';
        return next;
      }
      case 'done':
        // Nothing was asked that this could answer.
        isReusable = false;
        return bytes.length;
    }
  }

  return {
    read(bytes) {
      for (let at = 0; at < bytes.length;) at = step(bytes, at);
      return place === 'done';
    },
    end() {
      if (place === 'until-end') place = 'done';
      return place === 'done';
    },
    answer: () => ({ status, statusText, headers, body: (body ?? memory.take(0)).subarray(0, length) }),
    isReusable: () => isReusable,
    discard() {
      if (body !== null) memory.giveBack(body);
      body = null;
    },
  };
}

function readHeaders(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const text of lines) {
    const match = HEADER_LINE.exec(text);
    if (match === null) throw notHttp('INVALID_HEADER_TOKEN', 'a line of the header is no header');
    const name = (match[1] ?? '').toLowerCase();
    const value = match[2] ?? '';
    const before = headers.get(name);
    if (name === 'content-length' && before !== undefined && before !== value)
      throw notHttp('UNEXPECTED_CONTENT_LENGTH', 'the length of the body is given twice');
    headers.set(name, value);
  }
  return headers;
}

function notHttp(code: string, message: string): Error {
  return Object.assign(new Error(message), { code: `HPE_${code}` });
}
