import type { LogLevel } from '../../../shared/contract/logs.ts';
import type { MessageKey } from '../../i18n/en.ts';

/** Worst first: the order of facets, and from the base line up the order in a bar of the histogram. */
export const LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unknown'];

/** What counts as an error for `e` and `E`. */
export const ERROR_LEVELS: readonly LogLevel[] = ['fatal', 'error'];

export const LEVEL_WORDS: Readonly<Record<LogLevel, MessageKey>> = {
  fatal: 'logs.fatal',
  error: 'logs.error',
  warn: 'logs.warn',
  info: 'logs.info',
  debug: 'logs.debug',
  trace: 'logs.trace',
  unknown: 'logs.unknown',
};

/** The shape of a level in a box of 12 × 12, filled by the even-odd rule: a level is told without its colour too. */
export const LEVEL_SHAPES: Readonly<Record<LogLevel, string>> = {
  fatal: 'M3.6.8h4.8l2.8 2.8v4.8l-2.8 2.8H3.6L.8 8.4V3.6z M5.2 3v3.6h1.6V3z M5.2 7.6v1.6h1.6V7.6z',
  error: 'M1.5 1.5h9v9h-9z',
  warn: 'M6 1 11.4 10.8H.6z',
  info: 'M6 2.2a3.8 3.8 0 1 0 .01 0z',
  debug: 'M6 2a4 4 0 1 0 .01 0z M6 3.5a2.5 2.5 0 1 1-.01 0z',
  trace: 'M6 4.2a1.8 1.8 0 1 0 .01 0z',
  unknown: 'M2.5 5.2h7v1.6h-7z',
};
