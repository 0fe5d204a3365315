import { describe, expect, it } from 'vitest';
import { compileMatcher } from '../../../../electron/engine/store/metrics/compile-matcher.ts';
import { SeriesIndex } from '../../../../electron/engine/store/metrics/series-index.ts';
import { formatLabels, type Labels, labelsFromRecord, labelValue } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import { matcher, seededRandom } from './fixture.ts';

describe('compileMatcher', () => {
  const values = ['', 'a', 'ab', 'abc', 'b', 'a.c', 'a\nc', 'A', 'xab', 'x y', 'ä', 'a|b', '中文'];
  const patterns = [
    '',
    'a',
    'a|b',
    'a|',
    '.*',
    '.+',
    'a.*',
    'a.+',
    'ab?',
    'a.c',
    'a\\.c',
    '(a|ab)(c|)',
    '(?i)a',
    '[^a]+',
    '.*b',
    '中.',
    'x\\s.',
    '\\xe4',
  ];

  for (const pattern of patterns) {
    it(`matches /${pattern}/ as an expression that is anchored and lets the dot match a line break`, () => {
      const flags = pattern.startsWith('(?i)') ? 'sui' : 'su';
      const expected = new RegExp(`^(?:${pattern.replace('(?i)', '')})$`, flags);
      const fits = values.filter((value) => expected.test(value));
      expect(values.filter(compileMatcher(matcher('l', '=~', pattern)).test)).toEqual(fits);
      expect(values.filter(compileMatcher(matcher('l', '!~', pattern)).test)).toEqual(
        values.filter((value) => !fits.includes(value)),
      );
      const listed = compileMatcher(matcher('l', '=~', pattern)).values;
      if (listed !== null) expect(values.filter((value) => listed.includes(value))).toEqual(fits);
    });
  }

  it('refuses what is not a regular expression, and what RE2 leaves out', () => {
    expect(() => compileMatcher(matcher('l', '=~', 'a(b'))).toThrow();
    expect(() => compileMatcher(matcher('l', '=~', '(?=a)b'))).toThrow();
  });

  it('answers a pattern that would keep a backtracking engine busy for years', () => {
    expect(compileMatcher(matcher('l', '=~', '(a*)*b')).test('a'.repeat(5000))).toBe(false);
  });
});

describe('SeriesIndex', () => {
  const random = seededRandom(5);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const VALUES: Record<string, readonly string[]> = {
    __name__: ['up', 'http_requests_total', 'http_errors_total', 'cpu'],
    job: ['node', 'api', 'api-2', ''],
    instance: ['a:1', 'a:2', 'b:1', 'b:2', 'c:1'],
    code: ['', '', '200', '500', '503'],
  };
  const randomLabels = (): Labels =>
    labelsFromRecord(Object.fromEntries(Object.entries(VALUES).map(([name, values]) => [name, pick(values)])));
  const PATTERNS = ['.*', '.+', '', '5..', '200|500', 'a.*', 'api', 'http_.+', 'b:[12]', '|200'];
  const randomMatcher = (): Matcher => {
    const name = pick([...Object.keys(VALUES), 'nope']);
    const operator = pick(['=', '!=', '=~', '!~'] as const);
    const value = operator.endsWith('~') ? pick(PATTERNS) : pick(['', 'zzz', ...(VALUES[name] ?? [])]);
    return { name, operator, value };
  };

  function filled(): { index: SeriesIndex; all: Labels[] } {
    const index = new SeriesIndex();
    const all = new Map<string, Labels>();
    for (let i = 0; i < 300; i++) {
      const series = index.obtain(randomLabels());
      if (series.isPresent) continue;
      index.setPresent(series);
      all.set(formatLabels(series.labels), series.labels);
    }
    return { index, all: [...all.values()] };
  }

  const bruteForce = (all: readonly Labels[], matchers: readonly Matcher[]): string[] => {
    const compiled = matchers.map(compileMatcher);
    return all
      .filter((labels) => compiled.every(({ name, test }) => test(labelValue(labels, name))))
      .map(formatLabels)
      .sort();
  };

  it('finds what going through all series finds', () => {
    const { index, all } = filled();
    let foundCount = 0;
    for (let round = 0; round < 2000; round++) {
      const matchers = Array.from({ length: Math.floor(random() * 4) }, randomMatcher);
      const found = index.find(matchers).map(({ labels }) => formatLabels(labels));
      expect(found.sort()).toEqual(bruteForce(all, matchers));
      foundCount += found.length;
    }
    expect(foundCount).toBeGreaterThan(1000);
  });

  it('forgets removed series in every list, and takes one back whose number is held', () => {
    const { index, all } = filled();
    const held = index.obtain(all[0] ?? []);
    held.isHeld = true;
    const gone = new Set(index.present().filter((series) => series.id % 2 === 0 || series === held));
    const left = index
      .present()
      .filter((series) => !gone.has(series))
      .map(({ labels }) => labels);
    index.removeAll(gone);
    expect(index.size).toBe(left.length);
    for (let round = 0; round < 300; round++) {
      const matchers = Array.from({ length: Math.floor(random() * 3) }, randomMatcher);
      expect(
        index
          .find(matchers)
          .map(({ labels }) => formatLabels(labels))
          .sort(),
      ).toEqual(bruteForce(left, matchers));
    }
    expect(index.obtain(held.labels)).toBe(held);
    index.setPresent(held);
    expect(index.find([]).map(({ labels }) => formatLabels(labels))).toContain(formatLabels(held.labels));
  });

  it('gives the same number for the same labels and another for others', () => {
    const index = new SeriesIndex();
    const one = index.obtain(['__name__', 'up', 'job', 'a']);
    expect(index.obtain(['__name__', 'up', 'job', 'a'])).toBe(one);
    expect(index.obtain(['__name__', 'up', 'job', 'b']).id).not.toBe(one.id);
  });

  it('groups series of one origin and fills the places of those that went', () => {
    const index = new SeriesIndex();
    const of = (instance: string, n: number) =>
      index.obtain(labelsFromRecord({ __name__: `m${String(n)}`, job: 'j', instance }));
    const first = Array.from({ length: 40 }, (_, n) => [of('a', n), of('b', n)] as const);
    const groupsOfA = new Set(first.map(([a]) => a.group));
    expect(groupsOfA.size).toBe(2);
    expect(first.some(([, b]) => groupsOfA.has(b.group))).toBe(false);
    const [gone] = first[3] ?? [];
    if (gone === undefined) throw new Error('no series');
    index.setPresent(gone);
    index.removeAll(new Set([gone]));
    const seats = Array.from({ length: 25 }, (_, n) => of('a', 100 + n)).map(
      ({ group, slot }) => `${String(group.id)}/${String(slot)}`,
    );
    expect(seats).toContain(`${String(gone.group.id)}/${String(gone.slot)}`);
    expect(new Set(seats).size).toBe(25);
  });
});
