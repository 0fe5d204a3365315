import { appendTail, openWindow, type LogWindow } from '../list/log-window.ts';
import type { Arrived } from './tail-buffer.ts';

/**
 * The window with live lines taken in. When some of them are only in the store, a view that follows starts anew with the
 * ones that came, and any other stays where it is and knows that there is more.
 */
export function takeLines(window: LogWindow, { entries, skipped }: Arrived, isFollowing: boolean): LogWindow {
  if (skipped === 0) return appendTail(window, entries, isFollowing);
  const total = window.total + skipped + entries.length;
  if (!isFollowing) return { ...window, total, newerCursor: window.newerCursor ?? window.entries.at(-1)?.id ?? null };
  const fresh = openWindow({ entries, cursor: entries[0]?.id ?? null }, { entries: [], cursor: null }, total, total);
  return { ...fresh, shift: window.shift };
}
