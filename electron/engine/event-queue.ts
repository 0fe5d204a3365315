/** Events for one reader in another thread: kept until it asks, in order. */
export interface EventQueue<T> {
  push(event: T): void;
  /** Everything pushed so far and from now on, until the signal ends it. */
  read(signal: AbortSignal | undefined): AsyncGenerator<T, void>;
}

export function createEventQueue<T>(): EventQueue<T> {
  const waiting: T[] = [];
  let wake: (() => void) | null = null;
  return {
    push(event) {
      waiting.push(event);
      wake?.();
    },
    async *read(signal) {
      while (signal?.aborted !== true) {
        const event = waiting.shift();
        if (event !== undefined) {
          yield event;
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal?.addEventListener('abort', () => resolve(), { once: true });
        });
        wake = null;
      }
    },
  };
}
