import { createORPCClient, DynamicLink, type ClientContext } from '@orpc/client';
import { RPCLink as FetchLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import type { Contract } from '../../shared/contract/index.ts';

/** Every call of the program, typed by the contract. */
export type Client = ContractRouterClient<Contract>;
/** The same calls as options and keys for TanStack Query. */
export type Api = ReturnType<typeof createApi>;

/** What the preload shows to the page; its presence means that a desktop window holds it. */
export interface DesktopBridge {
  /** Ask for a port; it arrives as a `window` message with the data `'vedette:port'`. */
  connect(): void;
  readonly platform: string;
}

declare global {
  interface Window {
    readonly vedetteDesktop?: DesktopBridge;
  }
}

/**
 * A client over a MessagePort in the desktop window, and over HTTP at `/rpc` of the same origin elsewhere.
 * A port that closes is asked for again at the next call.
 */
export function createClient(): Client {
  const bridge = 'vedetteDesktop' in window ? window.vedetteDesktop : undefined;
  if (bridge === undefined) {
    const link = new FetchLink({
      url: new URL('/rpc', window.location.origin).href,
      headers: { 'x-vedette-client': 'interface' },
      fetch: (request, init) => globalThis.fetch(request, { ...init, credentials: 'same-origin' }),
    });
    return createORPCClient(link);
  }
  let open: Promise<PortLink<ClientContext>> | null = null;
  const connect = async (): Promise<PortLink<ClientContext>> => {
    open ??= requestPort(bridge).then((port) => {
      port.addEventListener('close', () => {
        open = null;
      });
      const link = new PortLink({ port });
      port.start();
      return link;
    });
    return open;
  };
  return createORPCClient(new DynamicLink(connect));
}

/** The preload answers on the window itself, so only messages of this very window count. */
async function requestPort(bridge: DesktopBridge): Promise<MessagePort> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent): void => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== 'vedette:port' || port === undefined) return;
      window.removeEventListener('message', receive);
      resolve(port);
    };
    window.addEventListener('message', receive);
    bridge.connect();
  });
}

export function createApi(client: Client): ReturnType<typeof createTanstackQueryUtils<Client>> {
  return createTanstackQueryUtils(client);
}
