import type { WireColumns } from '../../shared/model/columns.ts';
import { share, wave } from './sample-random.ts';

const GIB = 2 ** 30;

/** The size of what an expression measures, told by the names in it. */
function scaleOf(expr: string): number {
  if (/memory|filesystem|_bytes/.test(expr) && !expr.includes('/')) return 12 * GIB;
  if (/network|disk_(read|written)|bytes_total/.test(expr)) return 6 * 2 ** 20;
  if (/duration|latency|seconds/.test(expr)) return 0.4;
  return 1;
}

/** One series, or five where the expression groups by a label. */
function labelsOf(expr: string): Record<string, string>[] {
  const grouped = /by\s*\(\s*(\w+)/.exec(expr);
  if (grouped !== null) {
    return ['a', 'b', 'c', 'd', 'e'].map((name) => ({ [grouped[1] ?? 'instance']: `${grouped[1] ?? ''}-${name}` }));
  }
  // Requests by route and status: more series than a chart can show.
  if (/^(?:rate\()?http_requests_total/.test(expr)) {
    return Array.from({ length: 312 }, (_, index) => ({
      __name__: 'http_requests_total',
      job: 'shop',
      route: `/api/v1/resource-${String(Math.floor(index / 6))}`,
      status: ['200', '201', '301', '404', '500', '502'][index % 6] ?? '200',
    }));
  }
  // What alerts compare, of every service.
  if (/^(?:up|probe_\w+)(?: - time\(\))?$/.test(expr)) {
    return ['checkout-api', 'catalogue', 'payments', 'workstation'].map((instance) => ({
      __name__: /\w+/.exec(expr)?.[0] ?? 'up',
      job: 'host',
      instance,
    }));
  }
  const metric = /[a-z_:][a-z0-9_:]{3,}/.exec(expr);
  return [{ __name__: metric?.[0] ?? 'value', job: 'host', instance: 'workstation' }];
}

/** A range answer with a point per step, and a gap of four minutes at every full hour. */
export function rangeSample(
  expr: string,
  start: number,
  end: number,
  stepMs: number | undefined,
  maxPoints: number,
): { stepMs: number; series: WireColumns[] } {
  const step = stepMs ?? Math.max(1000, Math.ceil((end - start) / maxPoints / 1000) * 1000);
  const scale = scaleOf(expr);
  const series = labelsOf(expr).map((labels) => {
    const seed = expr + JSON.stringify(labels);
    const timestamps: number[] = [];
    const values: number[] = [];
    for (let at = Math.ceil(start / step) * step; at <= end; at += step) {
      if (expr.includes('gappy') && at % 3_600_000 < 240_000) continue;
      timestamps.push(at);
      values.push(wave(seed, at) * scale * (0.3 + share(seed) * 0.7));
    }
    return { labels, timestamps, values };
  });
  return { stepMs: step, series: expr.includes('nothing') ? [] : series };
}
