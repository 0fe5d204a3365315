import type { LineFacts } from './json-line.ts';
import type { LogFields } from './log-entry.ts';
import type { LogLevel } from './log-level.ts';
import type { TimeReader } from './time-reader.ts';

/** Common and combined log format of Apache and nginx, with an optional virtual host in front. */
const LINE =
  /^(?:(\S+:\d+) )?(\S+) (\S+) (\S+) \[([^\]]+)\] "((?:[^"\\]|\\[^])*)" (\d{3}) (\d+|-)(?: "((?:[^"\\]|\\[^])*)" "((?:[^"\\]|\\[^])*)")?/;
const REQUEST = /^(\S+) (\S+)(?: (HTTP\/[\d.]+))?$/;

/** Read a line of an access log; its status gives the level: 5xx error, 4xx warn. Null when it is something else. */
export function readAccessLine(text: string, time: TimeReader, nowMs: number): LineFacts | null {
  // Cheap sign before the pattern is tried: a bracket and a quote after it.
  const bracket = text.indexOf(' [');
  if (bracket < 0 || bracket > 512 || !text.startsWith('] "', text.indexOf(']', bracket))) return null;
  const match = LINE.exec(text);
  if (match === null) return null;
  const hasTime = time.read(match[5] ?? '', 0, nowMs);
  return { timestampMs: hasTime ? time.timestampMs : null, level: levelOfStatus(Number(match[7])) };
}

export function readAccessFields(text: string): LogFields | null {
  const match = LINE.exec(text);
  if (match === null) return null;
  const [, virtualHost, client = '', , user = '-', , request = '', status, bytes = '-', referer = '-', agent = '-'] =
    match;
  const parts = REQUEST.exec(request);
  return {
    client,
    ...(virtualHost === undefined ? {} : { host: virtualHost }),
    ...(user === '-' ? {} : { user }),
    ...(parts === null ? { request } : { method: parts[1] ?? '', path: parts[2] ?? '', protocol: parts[3] ?? '' }),
    status: status ?? '',
    bytes: bytes === '-' ? '0' : bytes,
    ...(referer === '-' ? {} : { referer }),
    ...(agent === '-' ? {} : { user_agent: agent }),
  };
}

function levelOfStatus(status: number): LogLevel {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}
