import { readAccessLine } from './access-line.ts';
import { readJsonLine } from './json-line.ts';
import type { LineFacts } from './json-line.ts';
import { findLevel, parseLevel } from './log-level.ts';
import { readLogfmtLine } from './logfmt-line.ts';
import { readSyslogLine } from './syslog-line.ts';
import type { TimeReader } from './time-reader.ts';

/**
 * How a line is laid out. `timestamped` is any text behind a time, as Python's, Java's, Go's and nginx's loggers write it;
 * `python` is the default layout without a time, `LEVEL:logger:message`.
 */
export type LineFormat = 'json' | 'logfmt' | 'access' | 'syslog' | 'klog' | 'timestamped' | 'python' | 'plain';

export interface ParsedLine extends LineFacts {
  readonly format: LineFormat;
}

/** glog and klog: `I0102 03:04:05.678901   12345 file.go:12] message`. */
const KLOG = /^([IWEF])(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{6})\s/;
const PYTHON = /^(DEBUG|INFO|WARNING|ERROR|CRITICAL):[^:\s]*:/;
/** What may stand before a time: brackets, and a level as in `[INFO] 2026-01-02 …` or `INFO 2026-01-02 …`. */
const BEFORE_TIME = /^(?:\[?([A-Za-z]{4,8})\]?:? +)?[[(|]?/;
/** Later than this after it was read, a time is a mistake. */
const MAX_AHEAD_MS = 48 * 3_600_000;

/** Recognise one line. The formats can be told apart by their first characters, so each line is tried by few of them. */
export function parseLine(text: string, time: TimeReader, nowMs: number, expected: LineFormat): ParsedLine {
  const line = recognise(text, time, nowMs, expected);
  if (line.timestampMs === null) return line;
  const isReal = line.timestampMs >= 0 && line.timestampMs <= nowMs + MAX_AHEAD_MS;
  return isReal ? line : { ...line, timestampMs: null };
}

function recognise(text: string, time: TimeReader, nowMs: number, expected: LineFormat): ParsedLine {
  const first = text.charCodeAt(0);
  // Indented lines belong to the line before, whatever they hold.
  if (first === 0x20 || first === 0x09 || text === '') return { format: 'plain', timestampMs: null, level: 'unknown' };
  if (first === 0x7b) {
    const json = readJsonLine(text, time, nowMs);
    if (json !== null) return { format: 'json', ...json };
  }
  if (first === 0x3c || (first >= 0x41 && first <= 0x5a)) {
    const syslog = readSyslogLine(text, time, nowMs);
    if (syslog !== null) return { format: 'syslog', ...syslog };
    const klog = readKlog(text, time, nowMs);
    if (klog !== null) return klog;
    const python = PYTHON.exec(text);
    if (python?.[1] !== undefined) return { format: 'python', timestampMs: null, level: parseLevel(python[1]) };
  }
  if (expected === 'access') {
    const access = readAccessLine(text, time, nowMs);
    if (access !== null) return { format: 'access', ...access };
  }
  const before = BEFORE_TIME.exec(text);
  if (time.read(text, before?.[0].length ?? 0, nowMs) || (before?.[1] !== undefined && time.read(text, 0, nowMs))) {
    const { timestampMs, end } = time;
    const named = before?.[1] === undefined ? 'unknown' : parseLevel(before[1]);
    return {
      format: 'timestamped',
      timestampMs,
      level: named === 'unknown' ? findLevel(text.slice(end, end + 200)) : named,
    };
  }
  const access = readAccessLine(text, time, nowMs);
  if (access !== null) return { format: 'access', ...access };
  const logfmt = readLogfmtLine(text, time, nowMs, expected === 'logfmt');
  if (logfmt !== null) return { format: 'logfmt', ...logfmt };
  return { format: 'plain', timestampMs: null, level: findLevel(text) };
}

function readKlog(text: string, time: TimeReader, nowMs: number): ParsedLine | null {
  const match = KLOG.exec(text);
  if (match === null) return null;
  const [, letter = '', month, day, hour, minute, second, micros] = match;
  const timeOfDayMs =
    ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Math.floor(Number(micros) / 1000);
  return {
    format: 'klog',
    timestampMs: time.fromMonthAndDay(Number(month), Number(day), timeOfDayMs, nowMs),
    level: parseLevel(letter),
  };
}
