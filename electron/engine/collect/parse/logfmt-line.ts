import { LEVEL_KEYS, TIME_KEYS } from './json-line.ts';
import type { LineFacts } from './json-line.ts';
import type { LogFields } from './log-entry.ts';
import { parseLevel } from './log-level.ts';
import type { TimeReader } from './time-reader.ts';
import { epochToMs } from './time-reader.ts';

const PAIR = /\s*([A-Za-z_@][\w.@/-]*)=("(?:[^"\\]|\\[^])*"|[^\s"]\S*|(?=\s|$))/y;
const MAX_PAIRS = 200;

/**
 * Read a line of `key=value key="a value"` pairs. Null when it is something else: it has to begin with a pair, have two,
 * and name a time or a level unless the stream is known to be logfmt.
 */
export function readLogfmtLine(text: string, time: TimeReader, nowMs: number, isExpected: boolean): LineFacts | null {
  const facts: { timestampMs: number | null; level: LineFacts['level'] } = { timestampMs: null, level: 'unknown' };
  const count = eachPair(text, (key, value) => {
    if (facts.timestampMs === null && TIME_KEYS.includes(key)) {
      if (time.read(value, 0, nowMs)) facts.timestampMs = time.timestampMs;
      else if (/^\d{10,19}(?:\.\d+)?$/.test(value)) facts.timestampMs = epochToMs(Number(value));
    } else if (facts.level === 'unknown' && LEVEL_KEYS.includes(key)) facts.level = parseLevel(value);
  });
  if (count < 2) return null;
  return facts.timestampMs === null && facts.level === 'unknown' && !isExpected ? null : facts;
}

export function readLogfmtFields(text: string): LogFields | null {
  const fields: Record<string, string> = {};
  const count = eachPair(text, (key, value) => {
    fields[key] = value;
  });
  return count < 2 ? null : fields;
}

function eachPair(text: string, take: (key: string, value: string) => void): number {
  let count = 0;
  PAIR.lastIndex = 0;
  for (; count < MAX_PAIRS; count++) {
    const at = PAIR.lastIndex;
    const match = PAIR.exec(text);
    if (match?.[1] === undefined) {
      // A word that is no pair may stand between pairs, but not before them.
      if (count === 0) break;
      const next = text.indexOf(' ', at + 1);
      if (next < 0) break;
      PAIR.lastIndex = next;
      count--;
      continue;
    }
    take(match[1], unquote(match[2] ?? ''));
  }
  PAIR.lastIndex = 0;
  return count;
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  return value
    .slice(1, -1)
    .replace(/\\([^])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped));
}
