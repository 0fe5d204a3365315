/** How many runs may be under way at once: in all, and against one host. */
export interface SlotLimits {
  readonly global: number;
  readonly perHost: number;
  /** Runs that may be slow beside those: they wait for somebody, and must not keep the quick ones waiting. None when absent. */
  readonly slow?: number;
}

/** A run's hold on its slot. */
export interface Hold {
  /** Give it back; calling it twice is harmless. */
  release(): void;
  /** Move over to the slow ones, if there is room, so that somebody else may start. */
  stepAside(): void;
}

/** A fair queue in front of the slots: hosts take turns, so that one slow host delays nobody but itself. */
export interface Slots {
  /**
   * Start `run` now or as soon as a slot is free. `run` gets a function that gives the slot back; calling it twice is
   * harmless. The answer is a function that takes a waiting run out of the queue: false when it has started already.
   */
  take(host: string, run: (release: () => void, hold: Hold) => void): () => boolean;
  /** Runs that have stepped aside. */
  slow(): number;
  active(): number;
  waiting(): number;
}

interface Host {
  readonly name: string;
  active: number;
  readonly queue: Waiting[];
}

interface Waiting {
  readonly run: (release: () => void, hold: Hold) => void;
}

export function createSlots(limits: SlotLimits): Slots {
  const hosts = new Map<string, Host>();
  /** Hosts with work waiting and room for it, in the order of their turn. */
  const turns = new Set<Host>();
  let active = 0;
  let slow = 0;
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
    let isSlow = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      if (isSlow) slow--;
      else active--;
      host.active--;
      if (host.queue.length > 0) turns.add(host);
      else if (host.active === 0) hosts.delete(host.name);
      drain();
    };
    const stepAside = (): void => {
      if (isReleased || isSlow || slow >= (limits.slow ?? 0)) return;
      isSlow = true;
      slow++;
      active--;
      drain();
    };
    next.run(release, { release, stepAside });
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
    slow: () => slow,
    waiting: () => waiting,
  };
}
