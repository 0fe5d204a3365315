import { createStore, type StoreApi } from 'zustand/vanilla';

export interface CrosshairState {
  /** The moment under the pointer, for every chart of the page; epoch milliseconds. */
  readonly at: number | null;
  /** The chart that the pointer is over: only that one shows values. */
  readonly owner: string | null;
  /** A moment that was clicked; it stays on every chart until Esc. */
  readonly pinnedAt: number | null;
}

/** One crosshair for all charts of the page. */
export type Crosshair = StoreApi<CrosshairState>;

export function createCrosshair(): Crosshair {
  return createStore(() => ({ at: null, owner: null, pinnedAt: null }));
}
