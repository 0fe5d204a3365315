import type { Matcher } from '../../../shared/model/matcher.ts';
import { parsePromDuration, parseSelector } from '../query/promql/index.ts';
import type { PrometheusRequest } from './endpoint.ts';

/** A parameter that cannot be used; becomes `bad_data`. */
export class BadParameter extends Error {}

export type Params = PrometheusRequest['params'];

/** '' when it is missing, which the reader of the text then complains about, as in Prometheus. */
export function textParam(params: Params, name: string): string {
  return params[name]?.[0] ?? '';
}

export function optionalText(params: Params, name: string): string | null {
  const value = params[name]?.[0];
  return value === undefined || value === '' ? null : value;
}

/** How clients of Prometheus write the ends of time. Source: Prometheus, web/api/v1 `MinTime` and `MaxTime`. */
const ENDS: Readonly<Record<string, number>> = {
  '-292273086-05-16T16:47:06Z': Number.MIN_SAFE_INTEGER,
  '292277025-08-18T07:12:54.999999999Z': Number.MAX_SAFE_INTEGER,
};
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Epoch milliseconds of a time: Unix seconds with fraction, or RFC 3339.
 *
 * @param fallbackMs for a parameter that is missing; null when it may not be
 */
export function timeParam(params: Params, name: string, fallbackMs: number | null): number {
  const text = optionalText(params, name);
  if (text === null && fallbackMs !== null) return fallbackMs;
  const ms = timeOf(text ?? '');
  if (Number.isFinite(ms)) return ms;
  const reason = `cannot parse ${JSON.stringify(text ?? '')} to a valid timestamp`;
  // An optional time is read by another function in Prometheus, which names it twice.
  const twice = fallbackMs === null ? '' : `Invalid time value for '${name}': `;
  throw new BadParameter(`invalid parameter "${name}": ${twice}${reason}`);
}

function timeOf(text: string): number {
  if (NUMBER.test(text)) return Math.round(Number(text) * 1000);
  return ENDS[text] ?? (RFC_3339.test(text) ? Date.parse(text) : NaN);
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Milliseconds of a duration: seconds with fraction, or Prometheus's notation; null when it is missing. */
export function durationParam(params: Params, name: string): number | null {
  const text = optionalText(params, name);
  return text === null ? null : readDuration(text, name);
}

export function requiredDuration(params: Params, name: string): number {
  return readDuration(textParam(params, name), name);
}

function readDuration(text: string, name: string): number {
  const ms = NUMBER.test(text) ? Number(text) * 1000 : parsePromDuration(text);
  if (ms !== null && Number.isSafeInteger(Math.round(ms))) return ms;
  throw new BadParameter(`invalid parameter "${name}": cannot parse ${JSON.stringify(text)} to a valid duration`);
}

/** A limit on the number of results; 0 is none. */
export function limitParam(params: Params, name = 'limit'): number {
  const text = optionalText(params, name);
  if (text === null) return 0;
  const limit = Number(text);
  if (!/^[+-]?\d+$/.test(text)) {
    throw new BadParameter(
      `invalid parameter "${name}": strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  if (limit < 0) throw new BadParameter(`invalid parameter "${name}": ${name} must be non-negative`);
  return limit;
}

/** The selectors of the parameters `match[]`. */
export function selectorsParam(params: Params, name = 'match[]'): readonly (readonly Matcher[])[] {
  return (params[name] ?? []).map((text) => {
    const parsed = parseSelector(text);
    if (!parsed.ok) throw new BadParameter(`invalid parameter "${name}": ${parsed.problem.message}`);
    return parsed.value;
  });
}
