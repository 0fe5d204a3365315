import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createApi, createClient } from './api/client.ts';
import { createConnectionStore } from './api/connection.ts';
import { followChanges } from './api/follow-changes.ts';
import { followNavigations } from './api/follow-navigations.ts';
import { createQueryClient } from './api/query-client.ts';
import { AppContext, type App } from './app/app-context.ts';
import { Appearance } from './app/Appearance.tsx';
import { createAppRouter } from './app/router.ts';
import { createCrosshair } from './chart/crosshair.ts';
import { createDrawScheduler } from './chart/draw-scheduler.ts';
import { ShortcutRegistry } from './keys/shortcut-registry.ts';
import './look/tokens.css';
import './look/base.css';
import { createLiveClock } from './range/live-clock.ts';
import { createToastStore } from './ui/toast-store.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

const client = createClient();
const app: App = {
  client,
  api: createApi(client),
  connection: createConnectionStore(),
  clock: createLiveClock(),
  crosshair: createCrosshair(),
  scheduler: createDrawScheduler(),
  shortcuts: new ShortcutRegistry(),
  toasts: createToastStore(),
};
const queries = createQueryClient();
const router = createAppRouter();

window.addEventListener('keydown', app.shortcuts.handle);
const { signal } = new AbortController();
void followChanges({ client, api: app.api, queries, connection: app.connection, signal });
if ('vedetteDesktop' in window) {
  void followNavigations(
    client,
    (path) => {
      router.history.push(path);
    },
    signal,
  );
}

createRoot(root).render(
  <StrictMode>
    <AppContext value={app}>
      <QueryClientProvider client={queries}>
        <Appearance>
          <RouterProvider router={router} />
        </Appearance>
      </QueryClientProvider>
    </AppContext>
  </StrictMode>,
);
