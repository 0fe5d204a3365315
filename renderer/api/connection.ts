import { createStore, type StoreApi } from 'zustand/vanilla';

export interface Connection {
  /** `lost`: the program does not answer; what is shown is as old as `seenAt`. */
  readonly state: 'connecting' | 'online' | 'lost';
  /** When the program was last heard of; epoch milliseconds. */
  readonly seenAt: number | null;
  /** Why it was lost, in the words of the carrier. */
  readonly reason: string | null;
}

export type ConnectionStore = StoreApi<Connection>;

export function createConnectionStore(): ConnectionStore {
  return createStore<Connection>(() => ({ state: 'connecting', seenAt: null, reason: null }));
}

const RETRY_DELAYS_MS = [1000, 2000, 5000, 10_000];

/** How long to wait before the n-th attempt after a loss: 1, 2, 5, then every 10 seconds. */
export function retryDelayMs(attempt: number): number {
  return RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length - 1)] ?? 10_000;
}

/** Wait, or less when the signal ends it. */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, delayMs);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
