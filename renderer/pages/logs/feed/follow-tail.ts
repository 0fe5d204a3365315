import { ORPCError } from '@orpc/client';
import type { LogEntry, LogFilter } from '../../../../shared/contract/logs.ts';
import type { Client } from '../../../api/client.ts';
import { pause, retryDelayMs } from '../../../api/connection.ts';

/**
 * Keep a stream of new lines for as long as the signal lasts. It is opened again when it breaks; `onOpen` runs each time,
 * to fetch what came in between. A search text that the program refuses ends it: the search tells of that.
 */
export async function followTail(
  client: Client,
  filter: Omit<LogFilter, 'from' | 'to'>,
  options: {
    readonly signal: AbortSignal;
    readonly onOpen: () => Promise<void>;
    readonly onLines: (entries: readonly LogEntry[], dropped: number) => void;
  },
): Promise<void> {
  const { signal, onOpen, onLines } = options;
  for (let attempt = 0; !signal.aborted;) {
    try {
      const batches = await client.logs.tail(filter, { signal });
      await onOpen();
      for await (const { entries, dropped } of batches) {
        attempt = 0;
        onLines(entries, dropped);
      }
    } catch (error) {
      if (error instanceof ORPCError && error.code === 'BAD_EXPRESSION') return;
      // A stream that breaks is told of by the frame, which has one of its own; here only the next attempt matters.
    }
    await pause(retryDelayMs(attempt++), signal);
  }
}
