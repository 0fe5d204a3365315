import type { Unit } from './unit.ts';

/**
 * What an expression measures, as far as Prometheus's naming says so; `none` whenever it is not certain. A wrong unit
 * misleads, a missing one does not.
 */
export function guessUnit(expr: string): Unit {
  if (/^\s*(?:count|count_values|absent|changes|resets)\b/.test(expr)) return 'none';
  if (/\*\s*100\b/.test(expr)) return 'none';
  if (/^\s*1\s*-/.test(expr) && expr.includes('_cpu_seconds_total')) return 'ratio';
  const parts = expr.split('/');
  if (parts.length === 2) {
    const kinds = parts.map((part) => /_(bytes|seconds|ratio)(?![a-z])/.exec(part)?.[1] ?? null);
    if (kinds[0] === 'bytes' && kinds[1] === 'bytes') return 'ratio';
    // A sum of seconds by a number of observations is a time for one.
    return /_seconds_sum\b/.test(parts[0] ?? '') && /_seconds_count\b/.test(parts[1] ?? '') ? 'seconds' : 'none';
  }
  if (parts.length > 2) return 'none';
  const isRate = /\b(?:rate|irate|deriv)\s*\(/.test(expr);
  if (isRate) {
    if (expr.includes('histogram_quantile') && /_seconds(?:_bucket)?\b/.test(expr)) return 'seconds';
    if (/_bytes(?:_total)?\b/.test(expr)) return 'bytesPerSecond';
    return /_seconds(?:_total)?\b/.test(expr) ? 'none' : 'perSecond';
  }
  if (/_ratio\b/.test(expr)) return 'ratio';
  if (/_bytes(?:_total)?\b/.test(expr)) return 'bytes';
  if (/_celsius\b/.test(expr)) return 'celsius';
  if (expr.includes('time()')) return expr.includes('-') ? 'seconds' : 'none';
  return /_seconds\b/.test(expr) && !/_time_seconds\b|_timestamp_seconds\b/.test(expr) ? 'seconds' : 'none';
}
