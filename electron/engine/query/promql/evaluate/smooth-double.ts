import type { Track } from './windows.ts';

/**
 * Double exponential smoothing of at least two samples: a level and a trend, each moved by its factor.
 *
 * Source: Prometheus manual, "double_exponential_smoothing"; Holt, 1957.
 */
export function smoothDouble({ values }: Track, from: number, to: number, smoothing: number, trend: number): number {
  let level = values[from] as number;
  let slope = (values[from + 1] as number) - level;
  for (let i = from + 1; i < to; i++) {
    const before = level;
    level = smoothing * (values[i] as number) + (1 - smoothing) * (before + slope);
    slope = trend * (level - before) + (1 - trend) * slope;
  }
  return level;
}
