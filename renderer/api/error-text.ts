import { ORPCError } from '@orpc/client';
import type { WireProblem } from '../../shared/contract/procedure.ts';
import type { MessageKey } from '../i18n/en.ts';
import type { Translate } from '../i18n/use-text.ts';

const SENTENCES: Readonly<Record<string, MessageKey>> = {
  NOT_FOUND: 'error.notFound',
  CONFLICT: 'error.conflict',
  TIMEOUT: 'error.timeout',
  UNAVAILABLE: 'error.unavailable',
  SERVICE_UNAVAILABLE: 'error.unavailable',
  UNAUTHORIZED: 'error.unauthorized',
  FORBIDDEN: 'error.unauthorized',
  BAD_REQUEST: 'error.badRequest',
};

/** What went wrong, in the reader's language and in full sentences: what failed and what to do. */
export function errorText(error: unknown, t: Translate): string {
  if (!(error instanceof ORPCError)) return t('error.network');
  const code = String(error.code);
  if (code === 'BAD_EXPRESSION') return expressionText(error, error.message, t);
  if (code === 'BAD_CONFIG') return t('error.badConfig', { count: problemsOf(error).length });
  const key = SENTENCES[code];
  return key === undefined ? t('error.other', { code, message: error.message }) : t(key);
}

/** Whether the program itself answered with this error; otherwise the question or its answer was lost on the way. */
export function isAnswered(error: unknown): boolean {
  return error instanceof ORPCError;
}

/** Whether the caller has no right to change things: the page was opened without the one-time link. */
export function isRefused(error: unknown): boolean {
  return error instanceof ORPCError && (error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN');
}

/** The problems of a refused configuration; empty for every other error. */
export function problemsOf(error: unknown): readonly WireProblem[] {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_CONFIG') return [];
  const data: unknown = error.data;
  if (typeof data !== 'object' || data === null || !('problems' in data) || !Array.isArray(data.problems)) return [];
  return data.problems as readonly WireProblem[];
}

/** Where an expression is wrong, 1-based; null when the error does not say. */
export function expressionPlace(error: unknown): { readonly line: number; readonly column: number } | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_EXPRESSION') return null;
  const data: unknown = error.data;
  if (typeof data !== 'object' || data === null || !('line' in data) || !('column' in data)) return null;
  const { line, column } = data;
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : null;
}

function expressionText(error: unknown, message: string, t: Translate): string {
  const place = expressionPlace(error);
  // The engine puts the place before its words, as Prometheus does; here it stands there already.
  const words = message.replace(/^\d+:\d+: /, '');
  return place === null ? message : t('error.expressionAt', { ...place, message: words });
}
