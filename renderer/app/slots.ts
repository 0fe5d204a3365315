import { createContext, use } from 'react';

/** Places of the frame that a page fills: the crumb, its search field, and the panel at the side. */
export interface Slots {
  readonly crumb: HTMLElement | null;
  readonly search: HTMLElement | null;
  readonly panel: HTMLElement | null;
}

export const SlotsContext = createContext<Slots>({ crumb: null, search: null, panel: null });

export function useSlots(): Slots {
  return use(SlotsContext);
}
