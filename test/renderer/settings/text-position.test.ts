import { expect, test } from 'vitest';
import { offsetOf } from '../../../renderer/pages/settings/text-position.ts';

const TEXT = 'global:\n  a: 1\n\nend';

test('line and column lead to their character', () => {
  expect(offsetOf(TEXT, 1, 1)).toBe(0);
  expect(TEXT.slice(offsetOf(TEXT, 2, 3), offsetOf(TEXT, 2, 4))).toBe('a');
  expect(offsetOf(TEXT, 4, 2)).toBe(TEXT.length - 2);
});

test('a place behind the end of a line or of the text is that end', () => {
  expect(offsetOf(TEXT, 1, 99)).toBe(7);
  expect(offsetOf(TEXT, 3, 5)).toBe(15);
  expect(offsetOf(TEXT, 9, 1)).toBe(TEXT.length);
});
