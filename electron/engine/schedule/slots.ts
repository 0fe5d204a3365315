/** How many runs may be under way at once: in all, and against one host. */
export interface SlotLimits {
  readonly global: number;
  readonly perHost: number;
}

/** A fair queue in front of the slots: hosts take turns, so that one slow host delays nobody but itself. */
export interface Slots {
  /**
   * Start `run` now or as soon as a slot is free. `run` gets a function that gives the slot back; calling it twice is
   * harmless. The answer is a function that takes a waiting run out of the queue: false when it has started already.
   */
  take(host: string, run: (release: () => void) => void): () => boolean;
  active(): number;
  waiting(): number;
}

interface Host {
  readonly name: string;
  active: number;
  readonly queue: Waiting[];
}

interface Waiting {
  readonly run: (release: () => void) => void;
}

export function createSlots(limits: SlotLimits): Slots {
  const hosts = new Map<string, Host>();
  /** Hosts with work waiting and room for it, in the order of their turn. */
  const turns = new Set<Host>();
  let active = 0;
  let waiting = 0;
  let isDraining = false;

  const drain = (): void => {
    if (isDraining) return; // a run that ends at once comes back here; the outer loop goes on with its slot
    isDraining = true;
    for (const host of turns) {
      if (active >= limits.global) break;
      turns.delete(host);
      const next = host.queue.shift();
      if (next) start(host, next);
      if (host.queue.length > 0 && host.active < limits.perHost) turns.add(host);
    }
    isDraining = false;
  };
  const start = (host: Host, next: Waiting): void => {
    waiting--;
    active++;
    host.active++;
    let isReleased = false;
    next.run(() => {
      if (isReleased) return;
      isReleased = true;
      active--;
      host.active--;
      if (host.queue.length > 0) turns.add(host);
      else if (host.active === 0) hosts.delete(host.name);
      drain();
    });
  };

  return {
    take(name, run) {
      const host = hosts.get(name) ?? { name, active: 0, queue: [] };
      hosts.set(name, host);
      const entry: Waiting = { run };
      host.queue.push(entry);
      waiting++;
      if (host.active < limits.perHost) turns.add(host);
      drain();
      return () => {
        const index = host.queue.indexOf(entry);
        if (index < 0) return false;
        host.queue.splice(index, 1);
        waiting--;
        if (host.queue.length === 0) turns.delete(host);
        if (host.queue.length === 0 && host.active === 0) hosts.delete(name);
        return true;
      };
    },
    active: () => active,
    waiting: () => waiting,
  };
}
