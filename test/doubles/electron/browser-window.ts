import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Frame, type Page } from 'playwright-core';
import { app, assertReady, isAppQuitting, onCloseWindows, onExit } from './app.ts';
import { ipcMain, setOwnContents } from './ipc-main.ts';
import { type BridgedData, MessagePortMainDouble } from './message-port-main.ts';
import { preloadRuntime } from './preload-runtime.ts';
import { answerRequest, fromBrowserUrl, toBrowserUrl } from './protocol.ts';
import { onCommand, record, recorderEvents } from './recorder.ts';
import { strict } from './strict.ts';

const CHROMIUM = process.env['VEDETTE_CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

let context: Promise<BrowserContext> | null = null;

/** The browser that all windows share; the test connects to it through its debugging port. */
function browserContext(): Promise<BrowserContext> {
  context ??= chromium.launchPersistentContext(join(app.getPath('userData'), 'chromium'), {
    executablePath: CHROMIUM,
    args: [...ARGUMENTS.split(' '), '--remote-debugging-port=0'],
    viewport: { width: 1440, height: 900 },
  });
  return context;
}
onExit(async () => {
  if (context !== null) await (await context).close();
});
onCommand('debugUrl', async () => {
  await browserContext();
  const [port = ''] = readFileSync(join(app.getPath('userData'), 'chromium', 'DevToolsActivePort'), 'utf8').split('\n');
  return `http://127.0.0.1:${port}`;
});

type WindowOpenHandler = (details: { url: string }) => { action: 'deny' | 'allow' };

export class WebContentsDouble extends EventEmitter {
  page: Page | null = null;
  #openHandler: WindowOpenHandler = () => ({ action: 'allow' });

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#openHandler = handler;
  }

  askToOpen(url: string): 'deny' | 'allow' {
    return this.#openHandler({ url }).action;
  }

  getURL(): string {
    return this.page === null ? '' : fromBrowserUrl(this.page.url());
  }

  reload(): void {
    record('reload', this.getURL());
    void this.page?.reload();
  }
}

interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class BrowserWindow extends EventEmitter {
  static readonly #all = new Set<BrowserWindow>();
  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all];
  }
  static fromWebContents(contents: WebContentsDouble): BrowserWindow | null {
    return [...BrowserWindow.#all].find((one) => one.webContents === contents) ?? null;
  }

  readonly webContents = strict('webContents', new WebContentsDouble());
  /** This window as everybody else sees it. */
  readonly #shown: this = strict('BrowserWindow', this);
  readonly options: Record<string, unknown>;
  #visible: boolean;
  #maximized = false;
  #minimized = false;
  #bounds: Bounds;

  constructor(options: Record<string, unknown>) {
    super();
    assertReady('new BrowserWindow');
    this.options = options;
    this.#visible = options['show'] !== false;
    this.#bounds = {
      x: Number(options['x'] ?? 0),
      y: Number(options['y'] ?? 0),
      width: Number(options['width'] ?? 800),
      height: Number(options['height'] ?? 600),
    };
    BrowserWindow.#all.add(this.#shown);
    record('window', options);
    app.emit('web-contents-created', {}, this.webContents);
    recorderEvents.emit('window', this.#shown);
    return this.#shown;
  }

  async loadURL(url: string): Promise<void> {
    this.webContents.emit('did-start-loading');
    const page = this.webContents.page ?? (await this.#openPage());
    await page.goto(toBrowserUrl(url));
    this.webContents.emit('did-finish-load');
    this.emit('ready-to-show');
  }

  async #openPage(): Promise<Page> {
    const browser = await browserContext();
    const page = browser.pages().find((one) => one.url() === 'about:blank') ?? (await browser.newPage());
    this.webContents.page = page;
    this.webContents.emit('page');
    await page.setViewportSize({ width: this.#bounds.width, height: this.#bounds.height });
    page.on('console', (message) => record('console', { type: message.type(), text: message.text() }));
    page.on('pageerror', (error) => record('pageerror', String(error)));
    await page.route('**/*', async (route) => {
      const response = await answerRequest(route.request());
      if (response === null) {
        record('refusedRequest', route.request().url());
        await route.abort();
        return;
      }
      const body = Buffer.from(await response.arrayBuffer());
      await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
    });
    await this.#bridgePreload(page);
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.webContents.emit('did-navigate', {}, fromBrowserUrl(frame.url()));
    });
    return page;
  }

  async #bridgePreload(page: Page): Promise<void> {
    const preload = (this.options['webPreferences'] as { preload?: string } | undefined)?.preload;
    if (preload === undefined) return;
    const ports = new Map<number, MessagePortMainDouble>();
    await page.exposeBinding('__electronDoubleToMain', ({ frame }, message: FromPreload) => {
      if (message.kind === 'port') {
        ports.get(message.id)?.receive(message.data);
        return;
      }
      if (message.kind === 'document') {
        // The document before is gone, and its ports with it.
        for (const port of ports.values()) port.close();
        ports.clear();
        return;
      }
      const opened = message.ports.map((id) => new MessagePortMainDouble(id, page));
      for (const port of opened) ports.set(port.id, port);
      const event = { ports: opened, sender: this.webContents, senderFrame: frameDouble(frame) };
      ipcMain.emit(message.channel, event, message.message);
    });
    await page.addInitScript(preloadRuntime(readFileSync(preload, 'utf8')));
  }

  show(): void {
    this.#visible = true;
    record('show', true);
    this.emit('show');
  }
  hide(): void {
    this.#visible = false;
    record('hide', true);
    this.emit('hide');
  }
  focus(): void {
    record('focus', true);
  }
  isVisible(): boolean {
    return this.#visible;
  }
  isMinimized(): boolean {
    return this.#minimized;
  }
  minimize(): void {
    this.#minimized = true;
  }
  restore(): void {
    this.#minimized = false;
  }
  maximize(): void {
    this.#maximized = true;
  }
  isMaximized(): boolean {
    return this.#maximized;
  }
  getNormalBounds(): Bounds {
    return { ...this.#bounds };
  }
  setBounds(bounds: Partial<Bounds>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
  }
  isDestroyed(): boolean {
    return !BrowserWindow.#all.has(this.#shown);
  }

  close(): void {
    const closing = { isPrevented: false, preventDefault: () => (closing.isPrevented = true) };
    this.emit('close', closing);
    if (closing.isPrevented) return;
    BrowserWindow.#all.delete(this.#shown);
    void this.webContents.page?.close();
    this.emit('closed');
    // While the application quits it is not asked again.
    if (BrowserWindow.#all.size === 0 && !isAppQuitting()) app.emit('window-all-closed');
  }
}

type FromPreload =
  | { readonly kind: 'document' }
  | { readonly kind: 'port'; readonly id: number; readonly data: BridgedData }
  | {
      readonly kind: 'message';
      readonly channel: string;
      readonly message: unknown;
      readonly ports: readonly number[];
    };

function frameDouble(frame: Frame): { url: string; parent: { url: string } | null } {
  const parent = frame.parentFrame();
  return { url: fromBrowserUrl(frame.url()), parent: parent === null ? null : frameDouble(parent) };
}

function firstWindow(): BrowserWindow {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) throw new Error('electron double: there is no window');
  return window;
}

onCommand('windows', () =>
  BrowserWindow.getAllWindows().map((one) => ({
    visible: one.isVisible(),
    url: one.webContents.getURL(),
    options: one.options,
  })),
);
/** Answered when the first window has a page. */
onCommand('untilWindow', async () => {
  const window = BrowserWindow.getAllWindows()[0] ?? ((await once(recorderEvents, 'window'))[0] as BrowserWindow);
  if (window.webContents.page === null) await once(window.webContents, 'page');
});
/** The process of the first window's page dies. */
onCommand('killPage', (reason) => {
  app.emit('render-process-gone', {}, firstWindow().webContents, { reason: String(reason), exitCode: 1 });
});
onCommand('closeWindow', () => firstWindow().close());
onCommand('setBounds', (bounds) => firstWindow().setBounds(bounds as Partial<Bounds>));
/** A key or a button in the first window, as its main process sees it. */
onCommand('input', (type) => firstWindow().webContents.emit('input-event', {}, { type: String(type) }));
onCommand('windowOpen', (url) => firstWindow().webContents.askToOpen(String(url)));
onCommand('emitContents', (argument) => {
  const { event, detail } = argument as { event: string; detail: Record<string, unknown> };
  let prevented = false;
  firstWindow().webContents.emit(event, { ...detail, preventDefault: () => (prevented = true) });
  return prevented;
});
onCloseWindows(() => {
  for (const window of BrowserWindow.getAllWindows()) window.close();
  return BrowserWindow.getAllWindows().length === 0;
});
setOwnContents(() => BrowserWindow.getAllWindows()[0]?.webContents ?? {});
