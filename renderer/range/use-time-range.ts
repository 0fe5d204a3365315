import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../app/app-context.ts';
import type { RangeSearch } from './range-search.ts';
import { DEFAULT_RANGE, endsNow, resolveRange, type RangeText, type TimeSpan } from './time-range.ts';

export interface RangeControl {
  readonly range: RangeText;
  /** Whether the view moves with the present. */
  readonly live: boolean;
  readonly setRange: (range: RangeText) => void;
  readonly setLive: (live: boolean) => void;
}

/** The range as the address has it, and how to change it. Does not render again while the clock moves. */
export function useRangeControl(): RangeControl {
  const search: RangeSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const from = search.from ?? DEFAULT_RANGE.from;
  const to = search.to ?? DEFAULT_RANGE.to;
  const off = search.live === 'off';
  const change = useCallback(
    (next: RangeSearch) => {
      void navigate({ to: '.', search: (previous: RangeSearch) => ({ ...previous, ...next }) });
    },
    [navigate],
  );
  return useMemo(() => {
    const range = { from, to };
    return {
      range,
      live: !off && endsNow(range),
      setRange: (next) => {
        change({ from: next.from, to: next.to });
      },
      setLive: (live) => {
        // Live on an absolute range: keep its length, end now.
        if (live && !endsNow(range)) {
          const span = resolveRange(range, Date.now());
          change({
            from: `now-${String(Math.max(1, Math.round((span.end - span.start) / 1000)))}s`,
            to: 'now',
            live: undefined as never,
          });
        } else change({ live: (live ? undefined : 'off') as never });
      },
    };
  }, [from, to, off, change]);
}

/** The range in epoch milliseconds; renders again at each step of the live clock. */
export function useTimeSpan(): TimeSpan {
  const { range } = useRangeControl();
  const now = useStore(useApp().clock, (state) => state.now);
  return useMemo(() => resolveRange(range, now), [range, now]);
}
