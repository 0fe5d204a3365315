export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'unknown';

/** Ascending by severity, `unknown` last. Stored blocks hold positions in this list: append only, never reorder. */
export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'unknown'];

/** Every spelling met in the wild, lower-cased. Sources: log4j, Python, syslog, glog, pino/bunyan, journald, Rust tracing. */
const WORDS: ReadonlyMap<string, LogLevel> = new Map<string, LogLevel>([
  ...spelled('trace', ['trace', 'trc', 'finest', 'finer', 'verbose', 'silly', 'all', 't', '10']),
  ...spelled('debug', ['debug', 'dbg', 'debu', 'fine', 'config', 'd', '20']),
  ...spelled('info', [
    'info',
    'inf',
    'information',
    'informational',
    'notice',
    'note',
    'log',
    'i',
    'ok',
    'success',
    '30',
  ]),
  ...spelled('warn', ['warn', 'warning', 'wrn', 'warnin', 'w', '40']),
  ...spelled('error', ['error', 'err', 'eror', 'erro', 'severe', 'failure', 'failed', 'e', '50']),
  ...spelled('fatal', [
    'fatal',
    'ftl',
    'crit',
    'critical',
    'alert',
    'emerg',
    'emergency',
    'panic',
    'dpanic',
    'f',
    '60',
  ]),
]);

/** Syslog severities 0–7. Source: RFC 5424, section 6.2.1. */
const SYSLOG: readonly LogLevel[] = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];

/** Levels in free text: whole words, in capitals anywhere near the start, or set off by brackets or a key in any case. */
const CAPITALS =
  /(?:^|[^A-Za-z0-9_])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRIT|CRITICAL|FATAL|ALERT|EMERG|PANIC)(?![A-Za-z0-9_])/;
const MARKED =
  /(?:[[(<|](?:\w{1,20}:)?|\b(?:level|lvl|severity)["']?[=:]\s?["']?)(trace|debug|info|notice|warn|warning|err|error|crit|critical|fatal|alert|emerg|panic)(?![a-z0-9_])/i;
/** As compilers and Node's loggers write it: `app: warning: …`, `error: …`. */
const BEFORE_COLON = /(?:^|\s)(debug|info|notice|warn|warning|error|critical|fatal|panic):/i;
const LOOK_WITHIN = 160;

/** The level that a word, or a number of pino and bunyan (10–60), stands for; `unknown` for anything else. */
export function parseLevel(word: string | number): LogLevel {
  return WORDS.get(String(word).trim().toLowerCase()) ?? 'unknown';
}

export function levelOfSyslogSeverity(severity: number): LogLevel {
  return SYSLOG[severity] ?? 'unknown';
}

/** Look for a level in the first characters of a line whose layout is not known. Linear. */
export function findLevel(text: string): LogLevel {
  const start = text.length > LOOK_WITHIN ? text.slice(0, LOOK_WITHIN) : text;
  const word = CAPITALS.exec(start)?.[1] ?? MARKED.exec(start)?.[1] ?? BEFORE_COLON.exec(start)?.[1];
  return word === undefined ? 'unknown' : parseLevel(word);
}

function spelled(level: LogLevel, words: readonly string[]): [string, LogLevel][] {
  return words.map((word) => [word, level]);
}
