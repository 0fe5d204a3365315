import { readAccessFields } from './access-line.ts';
import { readJsonFields } from './json-line.ts';
import type { LogFields } from './log-entry.ts';
import { readLogfmtFields } from './logfmt-line.ts';
import { readSyslogFields } from './syslog-line.ts';
import { TimeReader } from './time-reader.ts';

/** What the first line of an entry says in named fields; null when it names none. */
export function parseFields(text: string): LogFields | null {
  const lineEnd = text.indexOf('\n');
  const line = lineEnd < 0 ? text : text.slice(0, lineEnd);
  if (line.startsWith('{')) return readJsonFields(line);
  // Only the fields matter here, so any moment may stand for now.
  return readAccessFields(line) ?? readSyslogFields(line, new TimeReader(), 0) ?? readLogfmtFields(line);
}
