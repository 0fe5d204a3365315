import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { acceptsGzip, compressed } from '../../electron/server/compress-answer.ts';

describe('a client that accepts gzip', () => {
  it.each([
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip; q=0.000, *', false],
    ['br, deflate', false],
    ['', false],
  ])('is recognised by %j: %s', (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });
});

describe('an answer', () => {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 50; i++) yield await Promise.resolve(Buffer.from(`piece ${String(i)} `.repeat(1_000)));
  }
  const collected = async (body: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<Buffer> => {
    if (typeof body === 'string') return Buffer.from(body, 'latin1');
    if (body instanceof Uint8Array) return Buffer.from(body);
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return Buffer.concat(parts);
  };

  it('is packed whole or piece by piece, and comes out as it was', async () => {
    const text = Buffer.from('value '.repeat(1_000));
    const whole = await compressed(text, 'gzip');
    expect(whole.encoding).toBe('gzip');
    expect(gunzipSync(await collected(whole.body)).equals(text)).toBe(true);
    const long = await compressed(pieces(), 'gzip');
    expect(gunzipSync(await collected(long.body)).equals(await collected(pieces()))).toBe(true);
  });

  it('stays as it is when it is short, or not wanted packed', async () => {
    expect((await compressed(Buffer.from('short'), 'gzip')).encoding).toBeNull();
    const plain = await compressed(pieces(), '');
    expect(plain.encoding).toBeNull();
    expect((await collected(plain.body)).equals(await collected(pieces()))).toBe(true);
  });

  it('breaks off where its source does, so that nobody takes a part for the whole', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('a beginning'));
      throw new Error('the thread died');
    }
    for (const accepted of ['gzip', '']) {
      const { body } = await compressed(broken(), accepted);
      await expect(collected(body)).rejects.toThrow('the thread died');
    }
  });
});
