import { EventEmitter } from 'node:events';
import { onCommand } from './recorder.ts';

type Invoked = (event: never, ...args: never[]) => unknown;
const handlers = new Map<string, Invoked>();

export const ipcMain = Object.assign(new EventEmitter(), {
  handle(channel: string, handler: Invoked) {
    if (handlers.has(channel)) throw new Error(`electron double: a second handler for "${channel}"`);
    handlers.set(channel, handler);
  },
  removeHandler: (channel: string) => handlers.delete(channel),
});

onCommand('channels', () => ({ on: ipcMain.eventNames().map(String), handle: [...handlers.keys()] }));

/** A message as a hostile or foreign frame would send it; answers whether the port was closed unheard. */
onCommand('sendFrom', (argument) => {
  const { channel, url, isSubframe, isForeignWindow } = argument as {
    channel: string;
    url: string | null;
    isSubframe: boolean;
    isForeignWindow: boolean;
  };
  const port = Object.assign(new EventEmitter(), {
    outcome: 'ignored',
    start() {
      port.outcome = 'served';
    },
    close() {
      port.outcome = 'closed';
    },
    postMessage: () => undefined,
  });
  const senderFrame = url === null ? null : { url, parent: isSubframe ? { url, parent: null } : null };
  const sender = isForeignWindow ? {} : ownContents();
  ipcMain.emit(channel, { ports: [port], sender, senderFrame }, null);
  return port.outcome;
});

let ownContents: () => unknown = () => ({});
/** The double's windows are made elsewhere; they tell who a sender of ours is. */
export function setOwnContents(get: () => unknown): void {
  ownContents = get;
}
