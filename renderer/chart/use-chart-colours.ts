import { useMemo } from 'react';
import { useLook } from '../app/look.ts';
import type { OverlayColours } from './overlay.ts';

export interface ChartColours extends OverlayColours {
  readonly grid: string;
  readonly text: string;
  readonly font: string;
  /** Colour 1–8 of the series palette. */
  readonly series: (index: number) => string;
}

/** The tokens as the canvas needs them; read again when the theme changes. */
export function useChartColours(): ChartColours {
  const { theme } = useLook();
  return useMemo(() => readColours(theme), [theme]);
}

function readColours(theme: string): ChartColours {
  const root = document.documentElement;
  // The attribute may still be the old one: effects of the window run after those of the charts inside it.
  root.dataset['theme'] = theme;
  const style = getComputedStyle(root);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const series = Array.from({ length: 8 }, (_, index) => token(`--series-${String(index + 1)}`));
  return {
    grid: token('--grid'),
    text: token('--muted'),
    font: token('--font'),
    line: token('--border-strong'),
    select: token('--accent'),
    bad: token('--down'),
    warn: token('--degraded'),
    muted: token('--muted'),
    series: (index) => series[index - 1] ?? token('--text'),
  };
}
