import { app, BrowserWindow, nativeTheme, screen, type WebPreferences } from 'electron';
import { APP_ORIGIN } from '../../shared/security/our-url.ts';

/** Written out in full, so that a test can compare the whole: Chromium's sandbox, no Node, an isolated preload. */
function webPreferences(preload: string): WebPreferences {
  return { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false };
}

export interface WindowOptions {
  readonly preload: string;
  readonly icon: string;
  /** Bounds of the last time; null opens in the middle. */
  readonly loadBounds: () => WindowBounds | null;
  readonly saveBounds: (bounds: WindowBounds) => void;
  /** Whether closing hides the window instead; only where a tray can bring it back. */
  readonly hidesOnClose: () => boolean;
  /** Told whenever a close has hidden the window. */
  readonly onHidden: () => void;
  /** Ask the page that is open to show another view. */
  readonly navigate: (path: string) => void;
}

export interface WindowBounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isMaximized: boolean;
}

export interface MainWindow {
  /** Bring the window to the front, making it if it is gone, and lead it to a page if one is named. */
  show(path?: string): void;
  /** Whether a person can see it now. */
  isVisible(): boolean;
  /** From here on a close is a close. */
  allowClose(): void;
}

const MINIMUM = { width: 960, height: 600 };
const DEFAULT = { width: 1440, height: 900 };

/** The one window of the application. */
export function createMainWindow(options: WindowOptions): MainWindow {
  let window: BrowserWindow | null = null;
  let mayClose = false;
  /** Whether the page listens; before that only its address can lead it somewhere. */
  let isLoaded = false;

  function open(path: string): BrowserWindow {
    const bounds = options.loadBounds();
    const made = new BrowserWindow({
      ...DEFAULT,
      ...(bounds === null ? {} : onScreen(bounds)),
      minWidth: MINIMUM.width,
      minHeight: MINIMUM.height,
      show: false,
      title: 'Vedette',
      icon: options.icon,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#0d1117' : '#ffffff',
      webPreferences: webPreferences(options.preload),
    });
    if (bounds?.isMaximized === true) made.maximize();
    made.once('ready-to-show', () => {
      made.show();
    });
    made.on('close', (event) => {
      options.saveBounds({ ...made.getNormalBounds(), isMaximized: made.isMaximized() });
      if (mayClose || !options.hidesOnClose()) return;
      event.preventDefault();
      made.hide();
      options.onHidden();
    });
    made.on('closed', () => {
      window = null;
    });
    made.webContents.on('did-start-loading', () => {
      isLoaded = false;
    });
    made.webContents.on('did-finish-load', () => {
      isLoaded = true;
    });
    void made.loadURL(APP_ORIGIN + path);
    return made;
  }

  return {
    show(path) {
      if (window === null) {
        window = open(path ?? '/');
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      if (path === undefined) return;
      if (isLoaded) options.navigate(path);
      else void window.loadURL(APP_ORIGIN + path);
    },
    isVisible: () => window?.isVisible() ?? false,
    allowClose() {
      mayClose = true;
    },
  };
}

/** Pull remembered bounds back onto a display that exists now. */
function onScreen(bounds: WindowBounds): { x: number; y: number; width: number; height: number } {
  const area = screen.getDisplayMatching(bounds).workArea;
  const width = Math.min(Math.max(bounds.width, MINIMUM.width), area.width);
  const height = Math.min(Math.max(bounds.height, MINIMUM.height), area.height);
  return {
    x: Math.min(Math.max(bounds.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(bounds.y, area.y), area.y + area.height - height),
    width,
    height,
  };
}

/** Ask for the one running instance; false when this is a second one, which must quit at once. */
export function becomeOnlyInstance(onSecond: (argv: readonly string[]) => void): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', (_event, argv) => {
    onSecond(argv);
  });
  return true;
}
