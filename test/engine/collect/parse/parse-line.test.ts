import { expect, test } from 'vitest';
import { EntryAssembler } from '../../../../electron/engine/collect/parse/entry-assembler.ts';
import { parseFields } from '../../../../electron/engine/collect/parse/parse-fields.ts';
import { parseLine } from '../../../../electron/engine/collect/parse/parse-line.ts';
import { TimeReader } from '../../../../electron/engine/collect/parse/time-reader.ts';

const NOW_MS = Date.UTC(2026, 1, 3, 12);
/** A place one hour ahead of UTC. */
const parse = (text: string) => {
  const { format, timestampMs, level } = parseLine(text, new TimeReader(() => 60), NOW_MS, 'plain');
  return [format, timestampMs === null ? null : new Date(timestampMs).toISOString(), level];
};

test.each([
  ['{"time":"2026-01-02T03:04:05.678Z","level":"WARN","msg":"x"}', 'json', '2026-01-02T03:04:05.678Z', 'warn'],
  ['{"ts":1767323045.25,"lvl":"dbg","msg":"x"}', 'json', '2026-01-02T03:04:05.250Z', 'debug'],
  ['{"level":50,"time":1767323045250,"pid":1,"msg":"pino"}', 'json', '2026-01-02T03:04:05.250Z', 'error'],
  ['{"@timestamp":"2026-01-02T03:04:05,678+0100","log":{"level":"Info"}}', 'json', '2026-01-02T02:04:05.678Z', 'info'],
  [
    '{"log":"ERROR boom\\n","stream":"stderr","time":"2026-01-02T03:04:05.678901234Z"}',
    'json',
    '2026-01-02T03:04:05.678Z',
    'error',
  ],
  [
    '{"version":"1.1","level":3,"timestamp":1767323045,"short_message":"gelf"}',
    'json',
    '2026-01-02T03:04:05.000Z',
    'error',
  ],
  [
    '{"instant":{"epochSecond":1767323045,"nanoOfSecond":5000000},"level":"FATAL"}',
    'json',
    '2026-01-02T03:04:05.005Z',
    'fatal',
  ],
  ['{"msg":"no time"}', 'json', null, 'unknown'],
  ['{broken json', 'plain', null, 'unknown'],
  ['time=2026-01-02T03:04:05Z level=info msg="hello there" n=4', 'logfmt', '2026-01-02T03:04:05.000Z', 'info'],
  ['ts=1767323045 lvl=eror err="it \\"broke\\""', 'logfmt', '2026-01-02T03:04:05.000Z', 'error'],
  ['a=1 b=2 c', 'plain', null, 'unknown'],
  [
    '10.1.2.3 - alice [02/Jan/2026:03:04:05 +0800] "GET /a?b=c HTTP/1.1" 503 12 "-" "curl/8"',
    'access',
    '2026-01-01T19:04:05.000Z',
    'error',
  ],
  ['::1 - - [02/Jan/2026:03:04:05 +0000] "-" 400 0', 'access', '2026-01-02T03:04:05.000Z', 'warn'],
  [
    'shop:443 10.1.2.3 - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/2.0" 200 -',
    'access',
    '2026-01-02T03:04:05.000Z',
    'info',
  ],
  ['<34>Jan  2 03:04:05 host su[12]: failed', 'syslog', '2026-01-02T02:04:05.000Z', 'fatal'],
  ['Jan 12 03:04:05 host CRON[12]: (root) CMD (x)', 'syslog', '2026-01-12T02:04:05.000Z', 'unknown'],
  ['Dec 31 23:59:59 host app: WARN late', 'syslog', '2025-12-31T22:59:59.000Z', 'warn'],
  ['<165>1 2026-01-02T03:04:05.003Z host app 12 ID47 - text', 'syslog', '2026-01-02T03:04:05.003Z', 'info'],
  ['2026-01-02 03:04:05,678 - shop.orders - ERROR - failed', 'timestamped', '2026-01-02T02:04:05.678Z', 'error'],
  ['2026-01-02 03:04:05.678  INFO 1 --- [main] c.e.App : Started', 'timestamped', '2026-01-02T02:04:05.678Z', 'info'],
  ['2026-01-02T03:04:05.678+01:00 host app[3]: warning: x', 'timestamped', '2026-01-02T02:04:05.678Z', 'warn'],
  ['03:04:05.678 [main] DEBUG c.e.App - x', 'timestamped', '2026-02-03T02:04:05.678Z', 'debug'],
  ['23:04:05.678 [main] DEBUG c.e.App - x', 'timestamped', '2026-02-02T22:04:05.678Z', 'debug'],
  ['2026/01/02 03:04:05 [error] 12#0: *3 connect() failed', 'timestamped', '2026-01-02T02:04:05.000Z', 'error'],
  ['[2026-01-02 03:04:05] production.ERROR: x', 'timestamped', '2026-01-02T02:04:05.000Z', 'error'],
  ['[WARN] 2026-01-02 03:04:05 x', 'timestamped', '2026-01-02T02:04:05.000Z', 'warn'],
  ['26/01/02 03:04:05 INFO Executor: x', 'timestamped', '2026-01-02T02:04:05.000Z', 'info'],
  ['02-Jan-2026 03:04:05.678 SEVERE [main] x', 'timestamped', '2026-01-02T02:04:05.678Z', 'error'],
  ['[Fri Jan 02 03:04:05.678901 2026] [core:notice] x', 'timestamped', '2026-01-02T02:04:05.678Z', 'info'],
  ['I0102 03:04:05.678901   12345 file.go:12] hello', 'klog', '2026-01-02T02:04:05.678Z', 'info'],
  ['E1231 03:04:05.678901   12345 file.go:12] hello', 'klog', '2025-12-31T02:04:05.678Z', 'error'],
  ['WARNING:root:careful', 'python', null, 'warn'],
  ['2026-13-45 99:99:99 nonsense', 'plain', null, 'unknown'],
  ['2099-01-02 03:04:05 too far ahead', 'timestamped', null, 'unknown'],
  ['Server listening', 'plain', null, 'unknown'],
  ['[error] something', 'plain', null, 'error'],
  ['日志 ERROR 数据库', 'plain', null, 'error'],
])('%s', (text, format, time, level) => {
  expect(parse(text)).toEqual([format, time, level]);
});

test.each([
  ['{"a":{"b":1},"c":[1,2],"d":null,"e":"中"}', { 'a.b': '1', c: '[1,2]', d: 'null', e: '中' }],
  ['level=info msg="two words" n=4', { level: 'info', msg: 'two words', n: '4' }],
  [
    '10.1.2.3 - alice [02/Jan/2026:03:04:05 +0800] "GET /a HTTP/1.1" 503 12 "-" "curl/8"',
    {
      client: '10.1.2.3',
      user: 'alice',
      method: 'GET',
      path: '/a',
      protocol: 'HTTP/1.1',
      status: '503',
      bytes: '12',
      user_agent: 'curl/8',
    },
  ],
  ['Jan  2 03:04:05 web sshd[99]: Accepted', { host: 'web', program: 'sshd', pid: '99' }],
  ['plain words', null],
])('reads the fields of %s', (text, fields) => {
  expect(parseFields(text)).toEqual(fields);
});

test('takes time in proportion to the length of the line, whatever is in it', () => {
  const long = 200_000;
  const nasty = ['a=', '"', ' [', 'x '.repeat(2), '{', '[a] ', '\\"', 'A.', '1:', 'a:b:', '- ', '<1>', 'a(', 'AError'];
  const timeOf = (length: number): number => {
    const start = performance.now();
    for (const piece of nasty) {
      const text = piece.repeat(length / piece.length);
      parse(text);
      parse(`1.1.1.1 - - [x] "${text}`);
      parse(`a=1 ${text}`);
      parseFields(text);
      const assembler = new EntryAssembler();
      for (const line of ['panic: x', text, `a.${text}`, 'Traceback (most recent call last):', text])
        assembler.push(line, 0, NOW_MS);
    }
    return performance.now() - start;
  };
  timeOf(long / 10);
  expect(timeOf(long)).toBeLessThan(3000);
});
