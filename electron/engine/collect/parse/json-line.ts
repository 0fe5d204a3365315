import type { LogFields } from './log-entry.ts';
import { findLevel, levelOfSyslogSeverity, parseLevel } from './log-level.ts';
import type { LogLevel } from './log-level.ts';
import { epochToMs } from './time-reader.ts';
import type { TimeReader } from './time-reader.ts';

/** Names under which loggers write the time, most specific first. */
export const TIME_KEYS: readonly string[] = [
  ...['@timestamp', 'timestamp', 'time', 'ts', '@t', 'datetime', 'date', 'asctime', 'eventTime', 'event_time'],
  ...['log_time', 'logTime', 'timeMillis', 'created', 'created_at', 't'],
];
export const LEVEL_KEYS: readonly string[] = [
  ...['level', 'severity', 'lvl', 'levelname', 'log.level', 'log_level', 'logLevel', 'loglevel', '@l', 'severityText'],
  ...['priority', 'PRIORITY'],
];

const MAX_FIELDS = 200;
const MAX_DEPTH = 4;

export interface LineFacts {
  /** Null when the line has no time, or none that can be read. */
  readonly timestampMs: number | null;
  readonly level: LogLevel;
}

/** Read a line that is one JSON object. Null when it is not. */
export function readJsonLine(text: string, time: TimeReader, nowMs: number): LineFacts | null {
  const value = parseObject(text);
  if (value === null) return null;
  return { timestampMs: readTime(value, time, nowMs), level: readLevel(value) };
}

/** Values of the object as text by their path, `a.b.c`; arrays as JSON. */
export function readJsonFields(text: string): LogFields | null {
  const value = parseObject(text);
  if (value === null) return null;
  const fields: Record<string, string> = {};
  flatten(value, '', 1, fields);
  return fields;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  if (!text.startsWith('{') || !text.trimEnd().endsWith('}')) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function readTime(value: Readonly<Record<string, unknown>>, time: TimeReader, nowMs: number): number | null {
  for (const key of TIME_KEYS) {
    const written = value[key];
    if (typeof written === 'number') return epochToMs(written);
    if (typeof written !== 'string' || written === '') continue;
    if (time.read(written, 0, nowMs)) return time.timestampMs;
    if (/^\d{10,19}(?:\.\d+)?$/.test(written)) return epochToMs(Number(written));
    const parsedMs = Date.parse(written);
    if (!Number.isNaN(parsedMs)) return parsedMs;
  }
  // Log4j 2's JsonLayout: {"instant":{"epochSecond":…,"nanoOfSecond":…}}.
  const instant = value['instant'];
  if (isObject(instant) && typeof instant['epochSecond'] === 'number') {
    return instant['epochSecond'] * 1000 + Math.floor(Number(instant['nanoOfSecond'] ?? 0) / 1e6);
  }
  return null;
}

function readLevel(value: Readonly<Record<string, unknown>>): LogLevel {
  for (const key of LEVEL_KEYS) {
    const written = value[key];
    if (typeof written === 'string') {
      const level = parseLevel(written);
      if (level !== 'unknown') return level;
      if (/^[0-7]$/.test(written)) return levelOfSyslogSeverity(Number(written));
    }
    // Pino and bunyan count in tens; GELF and journald write syslog's severities.
    if (typeof written === 'number') return written < 8 ? levelOfSyslogSeverity(written) : parseLevel(written);
  }
  const log = value['log'];
  // Elastic's {"log":{"level":…}}; Docker's {"log":"…","stream":…}.
  if (isObject(log) && typeof log['level'] === 'string') return parseLevel(log['level']);
  return typeof log === 'string' ? findLevel(log) : 'unknown';
}

function flatten(
  value: Readonly<Record<string, unknown>>,
  prefix: string,
  depth: number,
  into: Record<string, string>,
): void {
  for (const [key, member] of Object.entries(value)) {
    if (Object.keys(into).length >= MAX_FIELDS) return;
    if (isObject(member) && depth < MAX_DEPTH) flatten(member, `${prefix}${key}.`, depth + 1, into);
    else into[prefix + key] = typeof member === 'string' ? member : JSON.stringify(member);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
