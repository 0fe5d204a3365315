import { expect, test } from 'vitest';
import { formatCount, formatNumber, formatRatio } from '../../../renderer/format/number.ts';
import { formatDateTime, formatDuration, formatRelative } from '../../../renderer/format/time.ts';
import { formatBytes, formatValue } from '../../../renderer/format/unit.ts';

test('numbers are written with three significant digits', () => {
  expect(formatNumber(3.14159, 'en')).toBe('3.14');
  expect(formatNumber(0.04213, 'en')).toBe('0.0421');
  expect(formatNumber(12_345, 'en')).toBe('12,300');
  expect(formatNumber(1_234_567, 'en')).toBe('1.23M');
  expect(formatNumber(0, 'en')).toBe('0');
});

test('what is not known is a dash and never a zero', () => {
  for (const value of [null, undefined, NaN]) {
    expect(formatNumber(value, 'en')).toBe('—');
    expect(formatCount(value, 'en')).toBe('—');
    expect(formatRatio(value, 'en')).toBe('—');
    expect(formatBytes(value, 'en')).toBe('—');
    expect(formatDuration(value, 'en')).toBe('—');
    expect(formatDateTime(value)).toBe('—');
    expect(formatValue(value, 'bytesPerSecond', 'en')).toBe('—');
  }
});

test('infinities are written as such', () => {
  expect(formatNumber(Infinity, 'en')).toBe('+∞');
  expect(formatNumber(-Infinity, 'en')).toBe('−∞');
});

test('a count is written whole', () => {
  expect(formatCount(1_234_567, 'en')).toBe('1,234,567');
});

test('a share that is nearly whole never looks whole', () => {
  expect(formatRatio(1, 'en')).toBe('100 %');
  expect(formatRatio(0.99999, 'en')).toBe('99.99 %');
  expect(formatRatio(0.9521, 'en')).toBe('95.2 %');
  expect(formatRatio(0.0421, 'en')).toBe('4.21 %');
});

test('bytes take binary prefixes', () => {
  expect(formatBytes(0, 'en')).toBe('0 B');
  expect(formatBytes(1536, 'en')).toBe('1.5 KiB');
  expect(formatBytes(32 * 2 ** 30, 'en')).toBe('32 GiB');
  expect(formatBytes(2 ** 20 - 1, 'en')).toBe('1 MiB');
});

test('a duration is told in its two largest parts', () => {
  expect(formatDuration(0, 'en')).toBe('0 ms');
  expect(formatDuration(0.25, 'en')).toBe('250 µs');
  expect(formatDuration(84.3, 'en')).toBe('84.3 ms');
  expect(formatDuration(4200, 'en')).toBe('4.2 s');
  expect(formatDuration(252_000, 'en')).toBe('4 min 12 s');
  expect(formatDuration(3_600_000, 'en')).toBe('1 h');
  expect(formatDuration(90_061_000, 'en')).toBe('1 d 1 h');
  expect(formatDuration(252_000, 'zh-CN')).toBe('4分钟 12秒');
});

test('a duration that rounds up to the next unit carries over', () => {
  expect(formatDuration(3_599_999, 'en')).toBe('1 h');
  expect(formatDuration(59_990, 'en')).toBe('1 min');
});

test('a time is relative within a day and a date after it', () => {
  const now = new Date(2026, 10, 22, 14, 2, 11).getTime();
  expect(formatRelative(now - 12_000, now, 'en')).toBe('12s ago');
  expect(formatRelative(now - 3 * 60_000, now, 'en')).toBe('3m ago');
  expect(formatRelative(now - 2 * 86_400_000, now, 'en')).toBe('2026-11-20 14:02');
});

test('a date is written as ISO 8601 orders it, in local time', () => {
  expect(formatDateTime(new Date(2026, 0, 5, 4, 3, 9).getTime())).toBe('2026-01-05 04:03:09');
});

test('every unit writes its values', () => {
  expect(formatValue(0.231, 'ratio', 'en')).toBe('23.1 %');
  expect(formatValue(2 ** 20, 'bytesPerSecond', 'en')).toBe('1 MiB/s');
  expect(formatValue(12.5, 'perSecond', 'en')).toBe('12.5/s');
  expect(formatValue(0.084, 'seconds', 'en')).toBe('84 ms');
  expect(formatValue(54, 'celsius', 'en')).toBe('54 °C');
});
