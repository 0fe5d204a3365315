import type { LogLevel } from '../../../../shared/contract/logs.ts';
import { LEVELS } from '../levels.ts';
import type { LogCounts } from './counts.ts';

/** A few errors among thousands of lines must be seen, so no part of a bar is thinner than this. */
const LEAST_PX = 2;

/** A part of a bar: from the base line up, in CSS pixels. */
export interface BarPart {
  readonly level: LogLevel;
  readonly bottom: number;
  readonly height: number;
}

/**
 * The parts of one bar, worst at the base line. Every level that occurs gets at least two pixels, which the largest part
 * gives up, so that the bar as a whole keeps its height.
 */
export function barParts(
  counts: Readonly<Partial<Record<LogLevel, number>>>,
  most: number,
  height: number,
): readonly BarPart[] {
  const present = LEVELS.filter((level) => (counts[level] ?? 0) > 0);
  const total = present.reduce((sum, level) => sum + (counts[level] ?? 0), 0);
  if (total === 0 || most === 0) return [];
  const whole = Math.max((total / most) * height, Math.min(height, present.length * LEAST_PX));
  const heights = present.map((level) => Math.max(LEAST_PX, ((counts[level] ?? 0) / total) * whole));
  const surplus = heights.reduce((sum, part) => sum + part, 0) - whole;
  const largest = heights.indexOf(Math.max(...heights));
  heights[largest] = Math.max(LEAST_PX, (heights[largest] ?? 0) - surplus);
  let bottom = 0;
  return present.map((level, index) => {
    const part = { level, bottom, height: heights[index] ?? 0 };
    bottom += part.height;
    return part;
  });
}

/** The bars of a histogram as one SVG path per level. */
export function barPaths(
  counts: LogCounts,
  levels: readonly LogLevel[],
  size: { readonly width: number; readonly height: number },
): readonly { readonly level: LogLevel; readonly path: string }[] {
  const chosen = levels.length === 0 ? LEVELS : levels;
  const bars = counts.starts.map((_, bucket) =>
    Object.fromEntries(chosen.map((level) => [level, counts.counts[level]?.[bucket] ?? 0])),
  ) as Partial<Record<LogLevel, number>>[];
  const most = Math.max(0, ...bars.map((bar) => Object.values(bar).reduce((sum, count) => sum + count, 0)));
  const slot = size.width / Math.max(1, bars.length);
  const width = Math.max(1, slot - (slot > 4 ? 1 : 0));
  const paths = new Map<LogLevel, string>();
  for (const [bucket, bar] of bars.entries()) {
    for (const { level, bottom, height } of barParts(bar, most, size.height)) {
      const x = (bucket * slot).toFixed(1);
      const y = (size.height - bottom).toFixed(1);
      const rect = `M${x} ${y}h${width.toFixed(1)}v${(-height).toFixed(1)}h${(-width).toFixed(1)}z`;
      paths.set(level, (paths.get(level) ?? '') + rect);
    }
  }
  return LEVELS.flatMap((level) => {
    const path = paths.get(level);
    return path === undefined ? [] : [{ level, path }];
  });
}
