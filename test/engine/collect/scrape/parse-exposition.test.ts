import { describe, expect, test } from 'vitest';
import { createLineCache } from '../../../../electron/engine/collect/scrape/line-cache.ts';
import type { MetadataMap } from '../../../../electron/engine/collect/scrape/metadata.ts';
import {
  isNotANumberText,
  readNumber,
  readNumberBytes,
} from '../../../../electron/engine/collect/scrape/number-text.ts';
import { createColumns, parseExposition } from '../../../../electron/engine/collect/scrape/parse-exposition.ts';
import type {
  ExpositionFormat,
  ExpositionResult,
} from '../../../../electron/engine/collect/scrape/parse-exposition.ts';

interface Reader {
  read(text: string): ExpositionResult;
  samples(): (string | number)[][];
  readonly metadata: MetadataMap;
  resolved(): number;
}

/** Reads one target's texts; a series shows as its pairs joined. */
function reader(format: ExpositionFormat = 'prometheus'): Reader {
  const columns = createColumns<string>();
  const cache = createLineCache<string>();
  const metadata: MetadataMap = new Map();
  let resolved = 0;
  return {
    read: (text) =>
      parseExposition(Buffer.from(text), {
        format,
        cache,
        metadata,
        columns,
        resolve: ({ name, pairs }) => {
          resolved++;
          return { ok: true, series: [name, ...pairs.slice(1).map(([label, value]) => `${label}=${value}`)].join(' ') };
        },
      }),
    samples: () =>
      columns.series.slice(0, columns.count).map((series, i) => {
        const timestampMs = columns.timestampsMs[i] ?? NaN;
        const value = columns.values[i] ?? NaN;
        return Number.isNaN(timestampMs) ? [series, value] : [series, value, timestampMs];
      }),
    metadata,
    resolved: () => resolved,
  };
}

test.each([
  ['a 1\n', [['a', 1]]],
  ['a 1', [['a', 1]]],
  ['a{} 1\n', [['a', 1]]],
  ['a{b="c"} 1.5e3 1700000000000\n', [['a b=c', 1500, 1_700_000_000_000]]],
  ['a{b="c",} 1\n', [['a b=c', 1]]],
  ['a { b = "c" , d="" }\t+Inf\n', [['a b=c d=', Infinity]]],
  ['a{b="c"}1\n', [['a b=c', 1]]],
  [
    '\n  a 1  \r\n\r\n\tb -0.5\n',
    [
      ['a', 1],
      ['b', -0.5],
    ],
  ],
  ['a{b="},\\"\\\\\\n#"} 0x1F\n', [['a b=},"\\\n#', 31]]],
  ['a{b="héllo, 世界"} 1\n', [['a b=héllo, 世界', 1]]],
  ['{"http.requests",method="GET","status.code"="200"} 7\n', [['http.requests method=GET status.code=200', 7]]],
  ['# any words\n#\n# TYPE a counter\na 1\n', [['a', 1]]],
  [
    'a 1\nab 2\na{x="y"} 3\n',
    [
      ['a', 1],
      ['ab', 2],
      ['a x=y', 3],
    ],
  ],
])('the text format: %j', (text, expected) => {
  const target = reader();
  for (const round of ['first', 'again, from the cache']) {
    expect([round, target.read(text)]).toEqual([round, { ok: true }]);
    expect(target.samples()).toEqual(expected);
  }
});

test.each([
  ['a 1 1.5 # {id="x"} 0.2 1\n# EOF\n', [['a', 1, 1500]]],
  ['a{b="# EOF"} 1 # {}\n# EOF', [['a b=# EOF', 1]]],
  ['a NaN\n# EOF\n', [['a', NaN]]],
])('OpenMetrics: %j', (text, expected) => {
  const target = reader('openmetrics');
  expect(target.read(text)).toEqual({ ok: true });
  expect(target.samples()).toEqual(expected);
});

test.each<[string, ExpositionFormat, number, RegExp]>([
  ['a 1\nb\n', 'prometheus', 2, /value is missing/],
  ['a 1\nb one\n', 'prometheus', 2, /"one" is no number/],
  ['a 1_0\n', 'prometheus', 1, /"1_0" is no number/],
  ['a 1 2 3\n', 'prometheus', 1, /unexpected "3"/],
  ['a 1 NaN\n', 'prometheus', 1, /timestamp "NaN"/],
  ['a{b="c 1\n', 'prometheus', 1, /not closed/],
  ['a{b=c} 1\n', 'prometheus', 1, /not quoted/],
  ['a{b="c" d="e"} 1\n', 'prometheus', 1, /comma/],
  ['a{b="1",b="2"} 1\n', 'prometheus', 1, /given twice/],
  ['a-b 1\n', 'prometheus', 1, /no metric name/],
  ['{b="c"} 1\n', 'prometheus', 1, /name is missing/],
  ['<html>\n<body>\n', 'prometheus', 1, /no metric name/],
  ['a 1 # {x="y"} 1\n', 'prometheus', 1, /unexpected/],
  ['a 1\n', 'openmetrics', 2, /does not end with "# EOF"/],
])('a fault names the line and the reason: %j', (text, format, line, message) => {
  const result = reader(format).read(text);
  expect(result).toEqual({ ok: false, problem: { line, message: expect.stringMatching(message) as string } });
});

test('invalid UTF-8 in a label is a fault, not a silent replacement', () => {
  const columns = createColumns<string>();
  const body = Buffer.concat([Buffer.from('a{b="'), Buffer.from([0xff]), Buffer.from('"} 1\n')]);
  const result = parseExposition(body, {
    format: 'prometheus',
    cache: createLineCache<string>(),
    metadata: new Map(),
    columns,
    resolve: ({ name }) => ({ ok: true, series: name }),
  });
  expect(result).toMatchObject({ ok: false, problem: { line: 1 } });
});

describe('a target that is read again', () => {
  const first = '# HELP a Things.\n# TYPE a gauge\na{x="1"} 1\na{x="2"} 2\nb 3\n';

  test('costs no label parsing for what did not change', () => {
    const target = reader();
    target.read(first);
    target.read(first.replace(' 2\n', ' 20\n'));
    expect(target.samples()).toEqual([
      ['a x=1', 1],
      ['a x=2', 20],
      ['b', 3],
    ]);
    expect(target.resolved()).toBe(3);
  });

  test('may move, drop and add lines', () => {
    const target = reader();
    target.read(first);
    target.read('b 30\na{x="2"} 20\nc 40\n');
    expect(target.samples()).toEqual([
      ['b', 30],
      ['a x=2', 20],
      ['c', 40],
    ]);
    expect(target.resolved()).toBe(4);
    target.read(first);
    expect(target.samples()).toEqual([
      ['a x=1', 1],
      ['a x=2', 2],
      ['b', 3],
    ]);
  });

  test('is not confused by a name that begins another', () => {
    const target = reader();
    target.read('up 1\n');
    target.read('up_total 2\nup{a="b"} 3\nup 4\nup {c="d"} 5\n');
    expect(target.samples()).toEqual([
      ['up_total', 2],
      ['up a=b', 3],
      ['up', 4],
      ['up c=d', 5],
    ]);
  });

  test('reads on after a fault as if the faulty answer had not been', () => {
    const target = reader();
    target.read(first);
    expect(target.read('b 1\na{x="1"} oops\n').ok).toBe(false);
    expect(target.samples()).toEqual([]);
    target.read(first);
    expect(target.samples()).toHaveLength(3);
  });
});

test('metadata is kept by family, with escapes undone', () => {
  const target = reader('openmetrics');
  target.read(
    '# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# HELP a_seconds one\\ntwo \\\\ \\"q\\"\n' +
      '# TYPE b untyped\n# HELP "c.d" dots\n# EOF\n',
  );
  expect([...target.metadata]).toEqual([
    ['a_seconds', { type: 'counter', unit: 'seconds', help: 'one\ntwo \\ "q"' }],
    ['b', { type: 'unknown', unit: '', help: '' }],
    ['c.d', { type: 'unknown', unit: '', help: 'dots' }],
  ]);
});

test('metadata of families that are gone is forgotten', () => {
  const target = reader();
  target.read('# TYPE a gauge\na 1\n# TYPE b gauge\n# HELP b Bees.\nb 1\n');
  target.read('# TYPE b gauge\n# HELP b Bees.\nb 1\n# TYPE c counter\nc 1\n');
  expect([...target.metadata.keys()]).toEqual(['b', 'c']);
  expect(target.metadata.get('b')).toEqual({ type: 'gauge', help: 'Bees.', unit: '' });
});

test('numbers are read exactly as the language reads them', () => {
  const words = [
    '0',
    '-0',
    '+1',
    '.5',
    '5.',
    '1e5',
    '1E-5',
    '123456789012345',
    '1234567890123456',
    '0.1',
    '1e22',
    '1e23',
  ];
  words.push('7.689368882420941e-07', '2.279966416e+09', '1.7976931348623157e308', '5e-324', '1e400', '00012.50');
  for (let i = 0; i < 2000; i++) words.push(String((i * 7919.123457) / 10 ** (i % 12)), String(i * 1e17 + i));
  for (const word of words) {
    expect([word, readNumber(word, 0, word.length)]).toEqual([word, Number(word)]);
    expect([word, readNumberBytes(Buffer.from(` ${word} `), 1, 1 + word.length)]).toEqual([word, Number(word)]);
  }
  for (const word of ['', '-', '.', 'e5', '1e', '1e+', '1.2.3', '1_0', '0x1p-3', '0b1', 'infinit', '١']) {
    expect([word, readNumber(word, 0, word.length)]).toEqual([word, NaN]);
    expect([word, readNumberBytes(Buffer.from(word, 'latin1'), 0, word.length)]).toEqual([word, NaN]);
    expect(isNotANumberText(word, 0, word.length)).toBe(false);
  }
  expect(['Inf', '+inf', '-Infinity'].map((word) => readNumber(word, 0, word.length))).toEqual([
    Infinity,
    Infinity,
    -Infinity,
  ]);
  expect(isNotANumberText('nan', 0, 3)).toBe(true);
});
