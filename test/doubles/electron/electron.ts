/**
 * `electron` for plain Node. The application's own main, preload, protocol handler and contract run for real; a window is
 * a page of the system's Chromium; what would reach the operating system is recorded and can be provoked (recorder.ts).
 *
 * What this cannot show, and where it is shown instead (the same journeys run on a real Electron wherever there is one):
 *
 * | gap | shown by |
 * |---|---|
 * | isolated world of the preload (here: the main world, with the bridge functions removed) | journeys on Electron |
 * | the operating system's sandbox, fuses, asar integrity | `electron-builder.yml` test; a packaged build |
 * | the real tray, notifications and keychain | journeys on Electron; test/engine/alert/notify on a real daemon |
 * | accelerators, zoom, GPU | journeys on Electron |
 */
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { ipcMain } from './ipc-main.ts';
import { protocol } from './protocol.ts';
import * as system from './system.ts';

export { app, BrowserWindow, ipcMain, protocol };
export * from './system.ts';

/** For those who import the whole, such as electron-store. */
export default { app, BrowserWindow, ipcMain, protocol, ...system };
