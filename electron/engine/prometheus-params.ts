import { parseDuration } from './config/duration.ts';
import type { PrometheusRequest } from './prometheus-endpoint.ts';

/** A parameter that cannot be used; becomes `bad_data`. */
export class BadParameter extends Error {}

type Params = PrometheusRequest['params'];

export function textParam(params: Params, name: string): string {
  const value = params[name]?.[0];
  if (value === undefined || value === '') throw new BadParameter(`invalid parameter "${name}": missing`);
  return value;
}

export function optionalText(params: Params, name: string): string | null {
  const value = params[name]?.[0];
  return value === undefined || value === '' ? null : value;
}

/** Epoch milliseconds of a time: Unix seconds with fraction, or RFC 3339. */
export function timeParam(params: Params, name: string, fallbackMs: number | null): number {
  const text = optionalText(params, name);
  if (text === null) {
    if (fallbackMs === null) throw new BadParameter(`invalid parameter "${name}": missing`);
    return fallbackMs;
  }
  const ms = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : rfc3339(text);
  if (!Number.isFinite(ms))
    throw new BadParameter(`invalid parameter "${name}": cannot parse "${text}" to a valid timestamp`);
  return ms;
}

/** Milliseconds of a duration: seconds with fraction, or Prometheus's notation. */
export function durationParam(params: Params, name: string): number | null {
  const text = optionalText(params, name);
  if (text === null) return null;
  const ms = /^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (ms === null || !Number.isFinite(ms)) {
    throw new BadParameter(`invalid parameter "${name}": cannot parse "${text}" to a valid duration`);
  }
  return ms;
}

/** A limit on the number of results; 0 is none. */
export function limitParam(params: Params): number {
  const text = optionalText(params, 'limit');
  if (text === null) return 0;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 0) throw new BadParameter(`invalid parameter "limit": "${text}"`);
  return limit;
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

function rfc3339(text: string): number {
  return RFC_3339.test(text) ? Date.parse(text) : NaN;
}
