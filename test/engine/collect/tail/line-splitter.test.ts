import { expect, test } from 'vitest';
import { LineSplitter, MAX_LINE_BYTES } from '../../../../electron/engine/collect/tail/line-splitter.ts';

function split(bytes: Buffer, chunkBytes: number, flush = false): [string, number][] {
  const lines: [string, number][] = [];
  const splitter = new LineSplitter(0);
  const take = (text: string, endOffset: number): void => {
    lines.push([text, endOffset]);
  };
  for (let at = 0; at < bytes.length; at += chunkBytes) splitter.push(bytes.subarray(at, at + chunkBytes), take);
  if (flush) splitter.flushPartial(take);
  return lines;
}

const TEXT = 'one\r\n订单 支付失败 🚀\n\nthree\nlast without end';

test.each([1, 2, 3, 5, 7, 1000])('cuts the same lines whatever the size of the chunks (%i)', (chunkBytes) => {
  const bytes = Buffer.from(TEXT);
  const ends = [5, 5 + Buffer.byteLength('订单 支付失败 🚀\n')];
  expect(split(bytes, chunkBytes)).toEqual([
    ['one', ends[0]],
    ['订单 支付失败 🚀', ends[1]],
    ['', (ends[1] ?? 0) + 1],
    ['three', (ends[1] ?? 0) + 7],
  ]);
  expect(split(bytes, chunkBytes, true).at(-1)).toEqual(['last without end', bytes.length]);
});

test('reads bytes that are no UTF-8 as replacement characters and keeps offsets right', () => {
  const bytes = Buffer.concat([
    Buffer.from([0xff, 0xfe, 0x41, 0x0a]),
    Buffer.from([0xe4, 0xb8, 0x0a]),
    Buffer.from('b\n'),
  ]);
  expect(split(bytes, 2)).toEqual([
    ['\uFFFD\uFFFDA', 4],
    ['\uFFFD', 7],
    ['b', 9],
  ]);
});

test('drops a byte order mark at the start and NULs at the start of a line', () => {
  expect(split(Buffer.from('\uFEFFa\n\0\0\0b\n'), 100)).toEqual([
    ['a', 5],
    ['b', 10],
  ]);
});

test.each([1000, MAX_LINE_BYTES * 4])(
  'cuts a line that is too long, says so, and goes on behind it (chunks of %i)',
  (chunkBytes) => {
    const long = '中'.repeat(MAX_LINE_BYTES / 2);
    const bytes = Buffer.from(`a\n${long}\nb\n`);
    const lines = split(bytes, chunkBytes);
    expect(lines.map(([text]) => text.slice(0, 2))).toEqual(['a', '中中', 'b']);
    expect(lines[1]?.[0]).toMatch(/^中+ … \[cut: the line has 393216 bytes\]$/);
    expect(Buffer.byteLength(lines[1]?.[0] ?? '')).toBeLessThan(MAX_LINE_BYTES + 100);
    expect(lines[2]).toEqual(['b', bytes.length]);
  },
);
