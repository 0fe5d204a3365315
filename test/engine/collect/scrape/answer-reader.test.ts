import { expect, test } from 'vitest';
import { createAnswerReader } from '../../../../electron/engine/collect/scrape/answer-reader.ts';
import { createBodyMemory } from '../../../../electron/engine/collect/scrape/body-memory.ts';

interface Read {
  readonly isComplete: boolean;
  readonly isReusable: boolean;
  readonly status: number;
  readonly body: string;
}

/** Reads a text in pieces of one size; the connection ends behind it where that is asked. */
function read(
  text: string,
  pieceBytes: number,
  options: { readonly mostBytes?: number; readonly ends?: boolean } = {},
): Read {
  const reader = createAnswerReader(createBodyMemory(), options.mostBytes ?? 1e6);
  const bytes = Buffer.from(text, 'latin1');
  let isComplete = false;
  for (let at = 0; at < bytes.length && !isComplete; at += pieceBytes)
    isComplete = reader.read(bytes.subarray(at, at + pieceBytes));
  if (options.ends === true) isComplete = reader.end();
  const { status, body } = reader.answer();
  return { isComplete, isReusable: reader.isReusable(), status, body: body.toString('latin1') };
}

const PIECES = [1, 2, 3, 7, 1000];
const kept = (body: string): Read => ({ isComplete: true, isReusable: true, status: 200, body });

test.each([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\na 1\nb', kept('a 1\nb')],
  ['no body', 'HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n', kept('')],
  [
    'chunks with extensions and a trailer',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x="y"\r\na 1\n\r\nA\r\n0123456789\r\n0\r\nT: u\r\n\r\n',
    kept('a 1\n0123456789'),
  ],
  [
    'an answer before the answer',
    'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200\r\nContent-Length: 1\r\n\r\na',
    kept('a'),
  ],
  [
    'a connection that will end',
    'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na',
    { ...kept('a'), isReusable: false },
  ],
  [
    'the version before',
    'HTTP/1.0 404 Not Found\r\nContent-Length: 1\r\n\r\na',
    { ...kept('a'), status: 404, isReusable: false },
  ],
] as const)('an answer with %s is read, in whatever pieces it comes', (_, text, expected) => {
  for (const size of PIECES) expect([size, read(text, size)]).toEqual([size, expected]);
});

test('without a length the end of the connection ends the answer, with one it does not', () => {
  for (const size of PIECES) {
    const open = read('HTTP/1.1 200 OK\r\n\r\na 1\n', size, { ends: true });
    expect(open).toEqual({ ...kept('a 1\n'), isReusable: false });
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na 1\n', size, { ends: true }).isComplete).toBe(false);
    const cut = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na 1\n\r\n';
    expect(read(cut, size, { ends: true }).isComplete).toBe(false);
  }
});

test('a body beyond the limit is complete with one byte more than that', () => {
  const chunked = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n${'x'.repeat(100)}\r\n0\r\n\r\n`;
  const whole = `HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n${'x'.repeat(100)}`;
  for (const size of PIECES) {
    for (const text of [chunked, whole])
      expect(read(text, size, { mostBytes: 10 })).toEqual({ ...kept('x'.repeat(11)), isReusable: false });
  }
});

test('what comes behind a complete answer makes the connection useless', () => {
  expect(read('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc', 1000)).toEqual({ ...kept('a'), isReusable: false });
});

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['a switch to another protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ['a header without a name', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n'],
  ['a header over two lines', 'HTTP/1.1 200 OK\r\nA: x\r\n y\r\n\r\n'],
  ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['a chunk of no size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-4\r\n'],
  ['a chunk that is longer than its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n'],
  ['a header without end', `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(70_000)}`],
])('%s is refused as what is not HTTP', (_, text) => {
  for (const size of PIECES.slice(1)) {
    let code: unknown = null;
    try {
      read(text, size);
    } catch (error) {
      ({ code } = error as { code?: unknown });
    }
    expect(code).toMatch(/^HPE_/);
  }
});

test('the memory of a body serves the next one', () => {
  const memory = createBodyMemory();
  const bytes = (size: number): Buffer =>
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${String(size)}\r\n\r\n${'x'.repeat(size)}`);
  const bodyOf = (size: number): Buffer => {
    const reader = createAnswerReader(memory, 1e6);
    reader.read(bytes(size));
    return reader.answer().body;
  };
  const first = bodyOf(20_000);
  const second = bodyOf(20_000);
  expect(second.buffer).not.toBe(first.buffer);
  memory.giveBack(first);
  expect(bodyOf(20_100).buffer).toBe(first.buffer);
  // A small buffer of Node's is a part of one that many share.
  const shared = Buffer.from('x');
  memory.giveBack(shared);
  expect(bodyOf(1).buffer).not.toBe(shared.buffer);
});
