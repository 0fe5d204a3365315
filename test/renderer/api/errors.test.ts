import { ORPCError } from '@orpc/client';
import { expect, test } from 'vitest';
import { retryDelayMs } from '../../../renderer/api/connection.ts';
import { errorText, expressionPlace, isRefused, problemsOf } from '../../../renderer/api/error-text.ts';
import { createI18n } from '../../../renderer/i18n/language.ts';
import type { Translate } from '../../../renderer/i18n/use-text.ts';

const i18n = createI18n('en');
const t: Translate = (key, values) => i18n._(key, values);

test('a refused write explains how to get the right', () => {
  const error = new ORPCError('UNAUTHORIZED');
  expect(isRefused(error)).toBe(true);
  expect(errorText(error, t)).toContain('vedette serve --open-link');
});

test('a wrong expression is told with its place', () => {
  const error = new ORPCError('BAD_EXPRESSION', { message: 'unexpected ")"', data: { line: 1, column: 7 } });
  expect(errorText(error, t)).toBe('Line 1, column 7: unexpected ")"');
  expect(expressionPlace(error)).toEqual({ line: 1, column: 7 });
});

test('a wrong configuration brings its problems', () => {
  const problems = [{ file: 'a.yml', line: 1, column: 1, message: 'bad', remedy: null }];
  const error = new ORPCError('BAD_CONFIG', { data: { problems } });
  expect(problemsOf(error)).toEqual(problems);
  expect(errorText(error, t)).toBe('The configuration has a problem.');
  expect(problemsOf(new ORPCError('CONFLICT'))).toEqual([]);
});

test('whatever else fails says what to do, or at least what it was', () => {
  expect(errorText(new TypeError('Failed to fetch'), t)).toContain('does not answer');
  expect(errorText(new ORPCError('TEAPOT', { message: 'Short and stout' }), t)).toBe('Short and stout (TEAPOT)');
});

test('the program is called again after 1, 2, 5 and then every 10 seconds', () => {
  expect([0, 1, 2, 3, 4, 50].map(retryDelayMs)).toEqual([1000, 2000, 5000, 10_000, 10_000, 10_000]);
});
