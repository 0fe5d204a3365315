import { createStore, type StoreApi } from 'zustand/vanilla';

/** The moment that every relative range is counted from; it moves in steps while live and stands while paused. */
export type LiveClock = StoreApi<{ readonly now: number }>;

export function createLiveClock(): LiveClock {
  return createStore(() => ({ now: Date.now() }));
}

/**
 * Move the clock every `intervalMs` while the page is visible, and at once when it becomes visible again.
 *
 * @returns stops it
 */
export function runLiveClock(clock: LiveClock, intervalMs: number): () => void {
  let timer: ReturnType<typeof setInterval> | null = null;
  const tick = (): void => {
    clock.setState({ now: Date.now() });
  };
  const follow = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    if (document.hidden) return;
    tick();
    timer = setInterval(tick, intervalMs);
  };
  follow();
  document.addEventListener('visibilitychange', follow);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    if (timer !== null) clearInterval(timer);
  };
}
