import type { Chart } from 'chart.js';
import { useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { useApp } from '../app/app-context.ts';
import { rangeOf, zoomOut, type TimeSpan } from '../range/time-range.ts';
import { useRangeControl } from '../range/use-time-range.ts';
import type { Plot } from './plot.ts';

export interface ChartPointer {
  /** The stretch that is being dragged; null otherwise. */
  readonly selection: TimeSpan | null;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onDoubleClick: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onBlur: () => void;
  };
}

/** A drag shorter than this is a click. */
const DRAG_PX = 5;

/**
 * Pointing at a chart moves the crosshair of the page, a click pins it, a drag sets the range of the application and a
 * double click zooms out. With the focus on a chart the arrows move the crosshair and Enter pins it.
 */
export function useChartPointer(
  owner: string,
  plot: Plot,
  chartRef: RefObject<Chart<'plot'> | undefined>,
): ChartPointer {
  const { crosshair } = useApp();
  const { setRange } = useRangeControl();
  const pressed = useRef<{ readonly x: number; readonly at: number } | null>(null);
  const [selection, setSelection] = useState<TimeSpan | null>(null);

  const timeAt = (event: PointerEvent): number | null => {
    const area = chartRef.current?.chartArea;
    if (area === undefined) return null;
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    if (x < area.left - 8 || x > area.right + 8) return null;
    const share = (Math.min(area.right, Math.max(area.left, x)) - area.left) / (area.right - area.left);
    return plot.start + share * (plot.end - plot.start);
  };
  const clear = (): void => {
    if (crosshair.getState().owner === owner) crosshair.setState({ at: null, owner: null });
  };
  const pin = (at: number): void => {
    crosshair.setState(({ pinnedAt }) => ({ pinnedAt: pinnedAt === null ? at : null }));
  };

  return {
    selection,
    handlers: {
      onPointerDown: (event) => {
        const at = timeAt(event);
        if (event.button !== 0 || at === null) return;
        pressed.current = { x: event.clientX, at };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event) => {
        const at = timeAt(event);
        crosshair.setState({ at, owner: at === null ? null : owner });
        const start = pressed.current;
        if (start === null || at === null || Math.abs(event.clientX - start.x) < DRAG_PX) return;
        setSelection({ start: Math.min(start.at, at), end: Math.max(start.at, at) });
      },
      onPointerUp: () => {
        const start = pressed.current;
        pressed.current = null;
        setSelection(null);
        if (selection !== null && selection.end - selection.start >= 1000) {
          setRange(rangeOf(selection));
          clear();
        } else if (start !== null) pin(start.at);
      },
      onPointerLeave: () => {
        if (pressed.current === null) clear();
      },
      onDoubleClick: () => {
        crosshair.setState({ pinnedAt: null });
        setRange(rangeOf(zoomOut(plot, Date.now())));
      },
      onKeyDown: (event) => {
        const { at } = crosshair.getState();
        const step = (plot.end - plot.start) / 60;
        if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
          const from = at ?? (event.key === 'ArrowLeft' ? plot.end : plot.start);
          const next = from + (event.key === 'ArrowLeft' ? -step : step);
          crosshair.setState({ at: Math.min(plot.end, Math.max(plot.start, next)), owner });
        } else if (event.key === 'Enter' && at !== null) pin(at);
        else if (event.key === 'Escape' && at !== null) clear();
        else return;
        event.preventDefault();
      },
      onBlur: clear,
    },
  };
}
