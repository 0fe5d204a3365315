import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useShortcuts } from '../keys/use-shortcuts.ts';
import { parseTime, rangeOf, resolveRange, shiftSpan, zoomOut, type RangeText } from '../range/time-range.ts';
import { useRangeControl } from '../range/use-time-range.ts';
import type { OpenDialog } from './Frame.tsx';
import { PAGES } from './pages.ts';

/** The keys that work on every page. */
export function useFrameShortcuts(onOpen: (dialog: OpenDialog) => void): void {
  const navigate = useNavigate();
  const { range, live, setRange, setLive } = useRangeControl();
  const copied = useRef<RangeText | null>(null);
  const changeSpan = (change: typeof zoomOut): void => {
    setRange(rangeOf(change(resolveRange(range, Date.now()), Date.now())));
  };
  const paste = async (): Promise<void> => {
    // The clipboard may be closed to the page; what was copied in this window still is at hand.
    const text = await navigator.clipboard.readText().catch(() => '');
    const pasted = readRange(text) ?? copied.current;
    if (pasted !== null) setRange(pasted);
  };
  useShortcuts([
    {
      id: 'palette',
      keys: 'mod+k',
      label: 'keys.palette',
      group: 'keys.groupGlobal',
      run: () => {
        onOpen('palette');
      },
    },
    {
      id: 'shortcuts',
      keys: '?',
      label: 'keys.sheet',
      group: 'keys.groupGlobal',
      run: () => {
        onOpen('shortcuts');
      },
    },
    ...PAGES.map((page) => ({
      id: `go${page.to}`,
      keys: page.keys,
      label: page.label,
      group: 'keys.groupGlobal' as const,
      run: () => void navigate({ to: page.to }),
    })),
    {
      id: 'time.out',
      keys: 't z',
      label: 'keys.zoomOut',
      group: 'keys.groupTime',
      run: () => {
        changeSpan(zoomOut);
      },
    },
    {
      id: 'time.back',
      keys: 't left',
      label: 'keys.earlier',
      group: 'keys.groupTime',
      run: () => {
        changeSpan((span, now) => shiftSpan(span, -0.5, now));
      },
    },
    {
      id: 'time.forward',
      keys: 't right',
      label: 'keys.later',
      group: 'keys.groupTime',
      run: () => {
        changeSpan((span, now) => shiftSpan(span, 0.5, now));
      },
    },
    {
      id: 'time.now',
      keys: 't n',
      label: 'keys.now',
      group: 'keys.groupTime',
      run: () => {
        setLive(true);
      },
    },
    {
      id: 'time.copy',
      keys: 't c',
      label: 'keys.copyRange',
      group: 'keys.groupTime',
      run: () => {
        copied.current = rangeOf(resolveRange(range, Date.now()));
        void navigator.clipboard.writeText(JSON.stringify(copied.current)).catch(() => undefined);
      },
    },
    { id: 'time.paste', keys: 't v', label: 'keys.pasteRange', group: 'keys.groupTime', run: () => void paste() },
    ...['t l', 'space'].map((keys) => ({
      id: `time.live ${keys}`,
      keys,
      label: 'keys.live' as const,
      group: 'keys.groupTime' as const,
      // In a list Space turns the page.
      when: () => keys !== 'space' || [document.body, document.querySelector('main')].includes(focused()),
      run: () => {
        setLive(!live);
      },
    })),
  ]);
}

function focused(): HTMLElement | null {
  return document.activeElement instanceof HTMLElement ? document.activeElement : null;
}

/** A copied range, or null for any other text. */
function readRange(text: string): RangeText | null {
  if (!text.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('from' in value) || !('to' in value)) return null;
    const { from, to } = value;
    if (typeof from !== 'string' || typeof to !== 'string') return null;
    return parseTime(from, 0) === null || parseTime(to, 0) === null ? null : { from, to };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
