import { describe, expect, it } from 'vitest';
import { formatSize, parseSize } from '../../../electron/engine/config/size.ts';

describe('a size', () => {
  it.each([
    ['0', 0],
    ['15MB', 15 * 1024 ** 2],
    ['1GiB', 1024 ** 3],
    ['1.5KB', 1536],
    ['1GB512MB', 1024 ** 3 + 512 * 1024 ** 2],
    ['100B', 100],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '100', '-1GB', '10 GB', '10gb', 'GB'])('refuses "%s"', (text) => {
    expect(parseSize(text)).toBeNull();
  });

  it.each([
    [0, '0'],
    [10 * 1024 ** 3, '10GB'],
    [1536, '1536B'],
  ])('%d bytes are written %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});
