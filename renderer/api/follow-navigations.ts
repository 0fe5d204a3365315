import type { Client } from './client.ts';
import { pause, retryDelayMs } from './connection.ts';

/** Go where the desktop asks for: a popup or the tray was clicked. Asks again whenever the stream ends. */
export async function followNavigations(
  client: Client,
  navigate: (path: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; !signal.aborted;) {
    try {
      for await (const { path } of await client.system.navigations(undefined, { signal })) {
        attempt = 0;
        navigate(path);
      }
    } catch {
      // The lost connection is told of by the stream of changes; here only the next attempt matters.
    }
    await pause(retryDelayMs(attempt++), signal);
  }
}
