/** A main script for the contract suite of the double: it does what it is told, and answers what came of it. */
import { app, BrowserWindow, Notification, ipcMain, protocol, safeStorage, session, Tray, nativeImage } from 'electron';
import { onCommand } from '../../doubles/electron/recorder.ts';

/** What an attempt came to: the message of what it threw, or null. */
const attempt = (run: () => unknown): string | null => {
  try {
    run();
    return null;
  } catch (error) {
    return String(error);
  }
};

protocol.registerSchemesAsPrivileged([]);
const beforeReady = {
  window: attempt(() => new BrowserWindow({})),
  tray: attempt(() => new Tray(nativeImage.createFromPath(process.execPath))),
  notification: attempt(() => new Notification({})),
};
onCommand('beforeReady', () => beforeReady);

const heard: unknown[] = [];
onCommand('heard', () => heard);

void app.whenReady().then(() => {
  protocol.handle('app', (request) =>
    request.url.endsWith('.html')
      ? new Response('<!doctype html><title>page</title><iframe src="frame.html"></iframe>', {
          headers: { 'content-type': 'text/html' },
        })
      : new Response('', { status: 404 }),
  );
  ipcMain.on('test:port', (event, message: unknown) => {
    const [port] = event.ports;
    heard.push({ message, url: event.senderFrame?.url, isTop: event.senderFrame?.parent === null });
    port?.on('message', ({ data }) => port.postMessage(data));
    // Late on purpose: what was sent before must wait.
    setTimeout(() => port?.start(), 50);
  });
  onCommand('afterReady', () => ({
    scheme: attempt(() => protocol.registerSchemesAsPrivileged([])),
    sandbox: attempt(() => app.enableSandbox()),
    secondScheme: attempt(() => protocol.handle('app', () => new Response(''))),
    secondHandler: attempt(() => {
      ipcMain.handle('once', () => null);
      ipcMain.handle('once', () => null);
    }),
    missing: attempt(() => app.getGPUFeatureStatus()),
    missingOfWindow: attempt(() => BrowserWindow.getAllWindows()[0]?.setKiosk(true)),
    missingOfSession: attempt(() => session.defaultSession.clearCache()),
    missingImage: attempt(() => new Tray(nativeImage.createFromPath('/no/such/image.png'))),
  }));
  onCommand('secret', async () => {
    const encrypted = await safeStorage.encryptStringAsync('hunter2');
    const { result } = await safeStorage.decryptStringAsync(encrypted);
    return { encrypted: encrypted.toString('latin1'), result };
  });
  const window = new BrowserWindow({ webPreferences: { preload: process.env['TEST_PRELOAD'] ?? '' } });
  void window.loadURL('app://host/page.html');
});
