import type { Mutes } from './engine-parts.ts';
import type { Clock } from './schedule/index.ts';
import type { Facts } from './store/state/index.ts';

const KEY = 'muted-until';

/** Until when notifications are held back; remembered over a restart, and over by itself. */
export function createMutes(facts: Facts, clock: Clock, onChange: () => void): Mutes {
  return {
    until() {
      const until = Number(facts.get(KEY) ?? 0);
      return until > clock.now() ? until : null;
    },
    set(until) {
      if (until === null) facts.remove(KEY);
      else facts.set(KEY, String(until));
      onChange();
    },
  };
}
