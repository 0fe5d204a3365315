import { contextBridge, ipcRenderer } from 'electron';

// What of the page's world is used here; the rest of this side has no DOM.
declare const window: { postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void };
declare const location: { readonly origin: string };

// The page asks for a connection; it gets one end of a channel and the main process the other. No logic lives here, and
// nothing of Electron reaches the page.
contextBridge.exposeInMainWorld('vedetteDesktop', {
  platform: process.platform,
  connect() {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage('vedette:port', null, [port1]);
    window.postMessage('vedette:port', location.origin, [port2]);
  },
});
