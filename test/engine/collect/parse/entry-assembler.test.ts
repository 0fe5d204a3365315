import { expect, test } from 'vitest';
import { EntryAssembler } from '../../../../electron/engine/collect/parse/entry-assembler.ts';
import type { AssembledEntry } from '../../../../electron/engine/collect/parse/entry-assembler.ts';
import { TimeReader } from '../../../../electron/engine/collect/parse/time-reader.ts';

const NOW_MS = Date.UTC(2026, 1, 3, 12);

function assemble(text: string, readAtMs: (line: number) => number = () => NOW_MS): AssembledEntry[] {
  const assembler = new EntryAssembler(new TimeReader(() => 0));
  const entries: AssembledEntry[] = [];
  let offset = 0;
  for (const [index, line] of text.split('\n').entries()) {
    offset += line.length + 1;
    const closed = assembler.push(line, offset, readAtMs(index));
    if (closed !== null) entries.push(closed);
  }
  const last = assembler.flush();
  return last === null ? entries : [...entries, last];
}
const texts = (text: string): string[] => assemble(text).map((entry) => entry.text);

const PYTHON_TRACE = `Traceback (most recent call last):
  File "a.py", line 3, in f
    g()
    ~^^
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 9, in <module>
    f()
shop.errors.Unhappy: no more
second line of the message`;

test('joins a chained Python traceback, with its message, to the line that logged it', () => {
  const first = `2026-01-02 03:04:05,678 ERROR shop: failed\n${PYTHON_TRACE}`;
  const second = '2026-01-02 03:04:06,000 INFO shop: next';
  expect(texts(`${first}\n${second}`)).toEqual([first, second]);
});

test('takes a traceback printed on its own as one entry with level error', () => {
  const trace = PYTHON_TRACE.split('\n').slice(0, -1).join('\n');
  const entries = assemble(`before\n${trace}\nafter`);
  expect(entries.map(({ text, level }) => [text, level])).toEqual([
    ['before', 'unknown'],
    [trace, 'error'],
    ['after', 'unknown'],
  ]);
});

test.each([
  [
    'Java',
    `2026-01-02 03:04:05.678 ERROR [main] c.e.App - failed
java.lang.IllegalStateException: top
message goes on
\tat c.e.App.run(App.java:12)
\t... 3 more
Caused by: java.io.IOException: disk
\tat c.e.Disk.read(Disk.java:1) ~[app.jar:1]
\tSuppressed: java.lang.Error: x
\t\tat c.e.X.y(X.java:2)`,
  ],
  [
    'Node',
    `2026-01-02T03:04:05.678Z error: failed
TypeError: Cannot read properties of undefined (reading 'x')
    at f (/srv/app.js:1:2)
    at async g (/srv/app.js:3:4) {
  code: 'E_X',
  [cause]: Error: inner
      at h (file:///srv/b.js:1:1)
}`,
  ],
  [
    'Go',
    `panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]

goroutine 1 [running]:
main.(*Server).handle(0xc0000, {0x1, 0x2})
\t/src/main.go:10 +0x1d
created by main.main in goroutine 1
\t/src/main.go:5 +0x2a
exit status 2`,
  ],
  [
    'indented text',
    `2026-01-02 03:04:05 DEBUG select
    a, b
  from t`,
  ],
  [
    '.NET',
    `Unhandled exception. System.InvalidOperationException: no
   at Shop.Orders.Get(Int32 id) in /src/Orders.cs:line 42
--- End of stack trace from previous location ---
   at Shop.Program.Main()`,
  ],
])('keeps together what belongs together: %s', (_, text) => {
  expect(texts(`2026-01-02 03:04:04 INFO before\n${text}\n2026-01-02 03:04:06 INFO after`)).toHaveLength(
    text.startsWith('2026') ? 3 : 2,
  );
  expect(texts(`{"msg":"before"}\n${text}\n{"msg":"after"}`)).toEqual(['{"msg":"before"}', text, '{"msg":"after"}']);
});

test('keeps plain lines apart', () => {
  expect(texts('one\ntwo\n\nthree')).toEqual(['one', 'two', 'three']);
});

test('keeps lines apart that were printed between timed ones, and gives them the time before', () => {
  const entries = assemble('2026-01-02 03:04:05Z INFO a\nprinted\n2026-01-02 03:04:06Z INFO b');
  expect(entries.map((entry) => entry.timestampMs)).toEqual([
    Date.UTC(2026, 0, 2, 3, 4, 5),
    Date.UTC(2026, 0, 2, 3, 4, 5),
    Date.UTC(2026, 0, 2, 3, 4, 6),
  ]);
});

test('gives a line without a time the moment it was read when nothing was read shortly before', () => {
  const entries = assemble('2026-01-02 03:04:05Z INFO a\nlater\nlater still', (line) => NOW_MS + line * 60_000);
  expect(entries.map((entry) => entry.timestampMs).slice(1)).toEqual([NOW_MS + 60_000, NOW_MS + 120_000]);
});

test('says where each entry ends, empty lines included', () => {
  expect(assemble('one\n  more\n\n\ntwo').map((entry) => entry.endOffset)).toEqual([13, 17]);
});

test('ends an entry that grows without end', () => {
  const entries = assemble(`start\n${'  more\n'.repeat(5000)}`);
  expect(entries.length).toBe(3);
  expect(
    entries
      .map((entry) => entry.text)
      .join('\n')
      .split('\n'),
  ).toHaveLength(5001);
});

test('follows the format of the stream as it changes', () => {
  const assembler = new EntryAssembler();
  assembler.push('{"msg":1}', 1, NOW_MS);
  expect(assembler.format).toBe('json');
  for (let line = 0; line < 200; line++) assembler.push(`level=info msg=x n=${String(line)}`, 1, NOW_MS);
  expect(assembler.format).toBe('logfmt');
});
