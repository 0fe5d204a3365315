import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { BrowserWindow, ipcMain, type IpcMainEvent, type WebFrameMain } from 'electron';
import { isOurUrl } from '../../shared/security/our-url.ts';
import type { Log } from '../engine/log.ts';
import type { Caller } from '../engine/router/caller.ts';

/** The only channel there is: a page hands over a port, and the contract answers on it. */
export const PORT_CHANNEL = 'vedette:port';

/** Carry the contract to our windows. A port from anyone else is closed unheard. */
export function carryContract(router: AnyRouter, log: Log): void {
  const handler = new RPCHandler<Caller>(router);
  ipcMain.on(PORT_CHANNEL, (event) => {
    const [port] = event.ports;
    if (port === undefined) return;
    if (!isTrustedSender(event)) {
      log('warn', 'A page that is not ours asked for the contract and was refused.', {
        url: event.senderFrame?.url ?? '',
      });
      port.close();
      return;
    }
    handler.upgrade(port, { context: { mayWrite: true, carrier: 'window' } });
    port.start();
  });
}

/** The top frame of a window that we made, showing a page of ours; its URL is parsed, never searched. */
function isTrustedSender(event: IpcMainEvent): boolean {
  const frame: WebFrameMain | null = event.senderFrame;
  return (
    frame !== null &&
    frame.parent === null &&
    BrowserWindow.fromWebContents(event.sender) !== null &&
    isOurUrl(frame.url)
  );
}
