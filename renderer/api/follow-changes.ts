import type { QueryClient } from '@tanstack/react-query';
import type { Change } from '../../shared/contract/system.ts';
import type { Api, Client } from './client.ts';
import { pause, retryDelayMs, type ConnectionStore } from './connection.ts';

/** Changes that come together are answered together. */
const GATHER_MS = 150;

export interface FollowOptions {
  readonly client: Client;
  readonly api: Api;
  readonly queries: QueryClient;
  readonly connection: ConnectionStore;
  readonly signal: AbortSignal;
}

/**
 * Keep one subscription to the program's changes for as long as the signal lasts: each names a topic, and the answers
 * that belong to it are asked for again. When it breaks, the connection counts as lost until it is back, and then
 * everything in view is asked for again.
 */
export async function followChanges({ client, api, queries, connection, signal }: FollowOptions): Promise<void> {
  const topics = new Set<Change['topic']>();
  let gathering: ReturnType<typeof setTimeout> | null = null;
  const flush = (): void => {
    gathering = null;
    for (const key of [...topics].flatMap((topic) => keysOf(api, topic))) {
      void queries.invalidateQueries({ queryKey: key });
    }
    topics.clear();
  };

  let attempt = 0;
  while (!isOver(signal)) {
    let reason: string | null = null;
    try {
      const changes = await client.system.changes(undefined, { signal });
      if (connection.getState().state === 'lost') void queries.invalidateQueries();
      connection.setState({ state: 'online', seenAt: Date.now() });
      attempt = 0;
      for await (const change of changes) {
        connection.setState({ state: 'online', seenAt: Date.now() });
        topics.add(change.topic);
        gathering ??= setTimeout(flush, GATHER_MS);
      }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (!isOver(signal)) connection.setState({ state: 'lost', reason });
    await pause(retryDelayMs(attempt++), signal);
  }
  if (gathering !== null) clearTimeout(gathering);
}

/** Read through a function, because it changes between two looks. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The answers that a change makes old. */
function keysOf(api: Api, topic: Change['topic']): (readonly unknown[])[] {
  switch (topic) {
    case 'status':
      return [api.system.status.key()];
    case 'services':
      return [api.services.key(), api.system.status.key()];
    case 'alerts':
      return [
        api.alerts.active.key(),
        api.alerts.history.key(),
        api.silences.key(),
        api.incidents.key(),
        api.audit.key(),
        api.system.status.key(),
      ];
    case 'rules':
      return [api.alerts.rules.key()];
    case 'config':
      // Not the text that somebody may be editing.
      return [
        api.config.files.key(),
        api.config.effective.key(),
        api.services.key(),
        api.logs.sources.key(),
        api.system.status.key(),
      ];
    case 'host':
      return [api.host.reading.key(), api.host.processes.key()];
    case 'settings':
      return [api.settings.key()];
    case 'notifications':
      return [api.alerts.deliveries.key()];
  }
}
