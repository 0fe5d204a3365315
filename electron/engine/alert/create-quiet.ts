import type { QuietHours } from '../../../shared/model/quiet-hours.ts';
import type { Clock } from '../schedule/clock.ts';
import { isQuietAt } from './care/index.ts';
import { isAtLeast } from './notify/severity.ts';
import type { Quiet } from './route/index.ts';

export interface QuietOptions {
  /** Until when every notification is paused; null when none is. */
  readonly mutedUntil: () => number | null;
  readonly hours: () => QuietHours;
  readonly clock: Clock;
}

/** A pause holds back every channel; quiet hours hold back popups, or every channel, and let the worst through. */
export function createQuiet({ mutedUntil, hours, clock }: QuietOptions): Quiet {
  return {
    isPaused: () => mutedUntil() !== null,
    heldBack(isPopup) {
      const quiet = hours();
      if (!isQuietAt(quiet, clock.now()) || (quiet.covers === 'popups' && !isPopup)) return null;
      const { letThrough } = quiet;
      return (labels) => letThrough === 'none' || !isAtLeast(labels, letThrough);
    },
  };
}
