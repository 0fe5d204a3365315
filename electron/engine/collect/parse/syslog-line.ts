import type { LineFacts } from './json-line.ts';
import type { LogFields } from './log-entry.ts';
import { findLevel, levelOfSyslogSeverity } from './log-level.ts';
import type { LogLevel } from './log-level.ts';
import type { TimeReader } from './time-reader.ts';

/** `<PRI>` of both RFCs, and the version of RFC 5424. */
const PRIORITY = /^<(\d{1,3})>(?:1 )?/;
/** RFC 3164 after the time: host, program, process. Source: RFC 3164, section 4.1. */
const BSD_REST = /^ (\S+) ([^\s:[\]]+)(?:\[(\d+)\])?: ?/;
/** RFC 5424 after the time: host, program, process, message id. Source: RFC 5424, section 6. */
const NEW_REST = /^ (\S+) (\S+) (\S+) (\S+) /;

/** Read a line of syslog, RFC 3164 or 5424. Without `<PRI>` it needs RFC 3164's time, host and program. */
export function readSyslogLine(text: string, time: TimeReader, nowMs: number): LineFacts | null {
  const parts = split(text, time, nowMs);
  return parts === null ? null : { timestampMs: parts.timestampMs, level: parts.level };
}

export function readSyslogFields(text: string, time: TimeReader, nowMs: number): LogFields | null {
  return split(text, time, nowMs)?.fields ?? null;
}

function split(text: string, time: TimeReader, nowMs: number): (LineFacts & { readonly fields: LogFields }) | null {
  const priority = PRIORITY.exec(text);
  const start = priority?.[0].length ?? 0;
  if (priority === null && !/^[A-Z][a-z]{2} /.test(text)) return null;
  const hasTime = time.read(text, start, nowMs);
  if (!hasTime && text[start] !== '-') return null;
  const timestampMs = hasTime ? time.timestampMs : null;
  const rest = text.slice(hasTime ? time.end : start + 1);
  const isNew = priority?.[0].endsWith('>1 ') === true;
  const match = isNew ? NEW_REST.exec(rest) : BSD_REST.exec(rest);
  if (match === null) return priority === null ? null : { timestampMs, level: levelOf(priority[1], rest), fields: {} };
  const fields: Record<string, string> = {};
  for (const [name, value] of [
    ['host', match[1]],
    ['program', match[2]],
    ['pid', match[3]],
  ] as const) {
    if (value !== undefined && value !== '-') fields[name] = value;
  }
  return { timestampMs, level: levelOf(priority?.[1], rest.slice(match[0].length)), fields };
}

function levelOf(priority: string | undefined, message: string): LogLevel {
  return priority === undefined ? findLevel(message) : levelOfSyslogSeverity(Number(priority) % 8);
}
