import { describe, expect, test } from 'vitest';
import { createHighlighter, mergeRanges, regexpFinders } from '../../../renderer/pages/logs/query/highlighter.ts';
import { queryTerms, termFor, withTerm } from '../../../renderer/pages/logs/query/query-terms.ts';
import { prettyJson, rowText, rowTime, withoutHead } from '../../../renderer/pages/logs/list/display-text.ts';
import { levelsOf, readLogsSearch, sourcesOf, sourcesText } from '../../../renderer/pages/logs/route.ts';
import { TailBuffer } from '../../../renderer/pages/logs/feed/tail-buffer.ts';

describe('a search text', () => {
  test('is words, phrases, regexps, and what must not occur', () => {
    expect(queryTerms('time-out "a \\"b\\" c" -health /st=5\\d\\d/i -/x y/ -"p q"')).toEqual([
      { kind: 'literal', text: 'time-out', isNegated: false },
      { kind: 'literal', text: 'a "b" c', isNegated: false },
      { kind: 'literal', text: 'health', isNegated: true },
      { kind: 'regexp', source: 'st=5\\d\\d', flags: 'i', isNegated: false },
      { kind: 'regexp', source: 'x y', flags: '', isNegated: true },
      { kind: 'literal', text: 'p q', isNegated: true },
    ]);
  });

  test('takes a path and a lone dash as words', () => {
    expect(queryTerms('/var/log/app.log - 5')).toEqual(
      ['/var/log/app.log', '-', '5'].map((text) => ({ kind: 'literal', text, isNegated: false })),
    );
  });

  test('takes in a value exactly as it is', () => {
    for (const value of ['502', 'GET /api', '-1', '/x/', 'say "hi"', 'back\\slash', '订单 1']) {
      expect(queryTerms(termFor(value, false))).toEqual([{ kind: 'literal', text: value, isNegated: false }]);
      expect(queryTerms(termFor(value, true))).toEqual([{ kind: 'literal', text: value, isNegated: true }]);
    }
  });

  test('takes a term once', () => {
    expect(withTerm('error', '-health')).toBe('error -health');
    expect(withTerm('error -health ', '-health')).toBe('error -health');
    expect(withTerm('', 'a')).toBe('a');
  });
});

describe('marking', () => {
  const marked = (text: string, query: string): string[] =>
    createHighlighter(queryTerms(query), [])(text).map(([start, end]) => text.slice(start, end));

  test('finds every word in any case, and not what must be missing', () => {
    expect(marked('Timeout: TIMEOUT after 5 s', 'timeout -after')).toEqual(['Timeout', 'TIMEOUT']);
    expect(marked('订单 80231 已支付', '已支付 80231')).toEqual(['80231', '已支付']);
  });

  test('keeps its place where a letter grows when it is folded', () => {
    expect(marked('İstanbul ready', 'ready')).toEqual(['ready']);
  });

  test('joins what overlaps', () => {
    expect(
      mergeRanges([
        [5, 9],
        [0, 3],
        [2, 6],
      ]),
    ).toEqual([[0, 9]]);
  });

  test('finds what a regexp finds, in time that grows with the text alone', async () => {
    const finders = await regexpFinders(queryTerms('/(a+)+$/ /5\\d\\d/'));
    const highlight = createHighlighter([], finders);
    expect(highlight('got 502')).toEqual([[4, 7]]);
    expect(highlight(`${'a'.repeat(2000)}b`)).toEqual([]);
  });

  test('marks nothing for a regexp that is wrong', async () => {
    expect(await regexpFinders(queryTerms('/(abc/'))).toEqual([]);
  });
});

describe('a row', () => {
  test('shows an entry of several lines in one, without colour codes', () => {
    expect(rowText('\u001b[31mfailed\u001b[0m\n\tat a.b\r\n\tat c.d\n')).toBe('failed ⏎ at a.b ⏎ at c.d');
  });
  test('cuts what no screen could hold', () => {
    expect(rowText('x'.repeat(100_000)).length).toBeLessThan(2000);
  });
  test('shows the time to the millisecond, with the date when it is needed', () => {
    const at = new Date(2026, 10, 22, 4, 5, 6, 7).getTime();
    expect(rowTime(at, false)).toBe('04:05:06.007');
    expect(rowTime(at, true)).toBe('11-22 04:05:06.007');
  });
  test('leaves out the time and the level that stand in columns of their own', () => {
    expect(withoutHead('2026-11-22T05:03:13.106Z ERROR brand new line', 'error')).toBe('brand new line');
    expect(withoutHead('[2026-11-22 05:03:13,106] [WARNING] low', 'warn')).toBe('low');
    expect(withoutHead('2026-11-22 05:03:13 INFO', 'info')).toBe('INFO');
    expect(withoutHead('2026-11-22 05:03:13+02:00 error in line 4', 'info')).toBe('error in line 4');
    expect(withoutHead('ERROR without a time', 'error')).toBe('ERROR without a time');
  });
  test('opens JSON, and only JSON', () => {
    expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(prettyJson('[not json')).toBeNull();
    expect(prettyJson('plain')).toBeNull();
  });
});

describe('the address', () => {
  test('keeps a search for a number, and leaves out what is empty', () => {
    expect(readLogsSearch({ q: 500, levels: '', line: 'e1', other: 1 })).toEqual({ q: '500', line: 'e1' });
  });
  test('names levels and sources, commas in names too', () => {
    expect(levelsOf('warn,error,nonsense')).toEqual(['error', 'warn']);
    const names = ['a,b', 'c%2Cd', 'e'];
    expect(sourcesOf(sourcesText(names))).toEqual(names);
  });
});

describe('live lines that wait', () => {
  const line = (id: string) => ({
    id,
    at: 0,
    level: 'info' as const,
    source: 'a',
    type: 'application' as const,
    file: '',
    text: '',
    fields: {},
  });
  test('are bounded: the newest stay and the others are counted', () => {
    const buffer = new TailBuffer(3);
    buffer.push([line('1'), line('2')], 0);
    buffer.push([line('3'), line('4')], 0);
    const { entries, skipped } = buffer.take();
    expect([entries.map(({ id }) => id), skipped]).toEqual([['2', '3', '4'], 1]);
    expect(buffer.isEmpty).toBe(true);
  });
  test('before a gap are left to the store', () => {
    const buffer = new TailBuffer(10);
    buffer.push([line('1')], 0);
    buffer.push([line('9')], 7);
    expect(buffer.take()).toEqual({ entries: [line('9')], skipped: 8 });
  });
});
