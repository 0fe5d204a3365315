import { createContext, use } from 'react';
import type { Api, Client } from '../api/client.ts';
import type { ConnectionStore } from '../api/connection.ts';
import type { Crosshair } from '../chart/crosshair.ts';
import type { DrawScheduler } from '../chart/draw-scheduler.ts';
import type { ShortcutRegistry } from '../keys/shortcut-registry.ts';
import type { LiveClock } from '../range/live-clock.ts';
import type { ToastStore } from '../ui/toast-store.ts';

/** What one window of the interface consists of besides its components; made once in `main.tsx`. */
export interface App {
  readonly client: Client;
  readonly api: Api;
  readonly connection: ConnectionStore;
  readonly clock: LiveClock;
  readonly crosshair: Crosshair;
  readonly scheduler: DrawScheduler;
  readonly shortcuts: ShortcutRegistry;
  readonly toasts: ToastStore;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = use(AppContext);
  if (app === null) throw new Error('useApp outside of AppContext');
  return app;
}
