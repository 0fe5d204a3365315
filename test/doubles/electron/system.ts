import type { Session, WebContents } from 'electron';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { assertReady } from './app.ts';
import { onCommand, record } from './recorder.ts';
import { strict } from './strict.ts';

/** The small parts of Electron that stand for the operating system. */

export const powerMonitor = strict('powerMonitor', new EventEmitter());
onCommand('suspend', () => powerMonitor.emit('suspend'));
onCommand('resume', () => powerMonitor.emit('resume'));
onCommand('shutdown', () => {
  let isDelayed = false;
  powerMonitor.emit('shutdown', { preventDefault: () => (isDelayed = true) });
  return isDelayed;
});

export const nativeTheme = strict(
  'nativeTheme',
  Object.assign(new EventEmitter(), { shouldUseDarkColors: false, themeSource: 'system' }),
);
onCommand('themeSource', () => nativeTheme.themeSource);

export const screen = strict('screen', {
  getDisplayMatching: (_bounds: unknown) => ({ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }),
});

export const shell = strict('shell', {
  openExternal(url: string) {
    record('openExternal', url);
    return Promise.resolve();
  },
  openPath(path: string) {
    record('openPath', path);
    return Promise.resolve('');
  },
});

export const dialog = strict('dialog', {
  showErrorBox(title: string, content: string) {
    record('errorBox', { title, content });
    // A process that ends with this box cannot be asked any more.
    process.stderr.write(`error box: ${title}\n${content}\n`);
  },
  showMessageBox(options: unknown) {
    assertReady('dialog.showMessageBox');
    record('messageBox', options);
    return Promise.resolve({ response: 0, checkboxChecked: false });
  },
});

type RequestHandler = Parameters<Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Session['setPermissionCheckHandler']>[0];
let request: RequestHandler = null;
let check: CheckHandler = null;
export const session = {
  defaultSession: strict('session', {
    setPermissionRequestHandler(handler: RequestHandler) {
      request = handler;
    },
    setPermissionCheckHandler(handler: CheckHandler) {
      check = handler;
    },
  }),
};
onCommand('permission', (name) => {
  let requested: boolean | null = null;
  const contents = {} as WebContents;
  const permission = String(name) as Parameters<NonNullable<CheckHandler>>[1];
  const details = { isMainFrame: true, requestingUrl: 'app://vedette/' };
  request?.(contents, permission, (granted) => (requested = granted), details);
  return { requested, checked: check?.(contents, permission, 'app://vedette', details) ?? null };
});

/** Reversible, and plainly not a secret: what is stored must never be the text itself. */
export const safeStorage = strict('safeStorage', {
  isAsyncEncryptionAvailable() {
    assertReady('safeStorage');
    return Promise.resolve(process.env['ELECTRON_DOUBLE_KEYCHAIN'] !== 'none');
  },
  getSelectedStorageBackend: () => process.env['ELECTRON_DOUBLE_KEYCHAIN'] ?? 'gnome_libsecret',
  encryptStringAsync: (text: string) => Promise.resolve(scramble(Buffer.from(text))),
  decryptStringAsync: (bytes: Buffer) =>
    Promise.resolve({ result: scramble(bytes).toString(), shouldReEncrypt: false }),
});

function scramble(bytes: Buffer): Buffer {
  return Buffer.from([...bytes].map((byte) => byte ^ 0x5a));
}

interface NotificationOptions {
  readonly title?: string;
  readonly body?: string;
}

export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return process.env['ELECTRON_DOUBLE_NOTIFICATIONS'] !== 'none';
  }
  static readonly #shown: Notification[] = [];
  static {
    onCommand('notifications', () => Notification.#shown.map((one) => ({ ...one.options, isOpen: one.#isOpen })));
    onCommand('clickNotification', (index) => Notification.#shown.at(Number(index))?.emit('click', {}));
  }
  readonly options: NotificationOptions;
  #isOpen = false;
  constructor(options: NotificationOptions) {
    super();
    assertReady('new Notification');
    this.options = options;
  }
  show(): void {
    Notification.#shown.push(this);
    record('notification', this.options);
    // The desktop answers later; an answer within the call would hide a listener that comes too late.
    setImmediate(() => {
      if (process.env['ELECTRON_DOUBLE_NOTIFICATIONS'] === 'refused') {
        this.emit('failed', {}, 'the application is not signed');
        return;
      }
      this.#isOpen = true;
      this.emit('show', {});
    });
  }
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    record('notificationClosed', this.options);
    this.emit('close', {});
  }
}

export const nativeImage = strict('nativeImage', {
  createFromPath(path: string) {
    return { path, isEmpty: () => !existsSync(path) };
  },
});

interface ItemTemplate {
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly enabled?: boolean;
  readonly accelerator?: string;
  readonly submenu?: readonly ItemTemplate[];
  readonly click?: () => void;
}
interface MenuDouble {
  readonly template: readonly ItemTemplate[];
}
let applicationMenu: MenuDouble | null = null;

export const Menu = strict('Menu', {
  buildFromTemplate: (template: readonly ItemTemplate[]): MenuDouble => ({ template }),
  setApplicationMenu(menu: MenuDouble) {
    applicationMenu = menu;
  },
  getApplicationMenu: () => applicationMenu,
});

function describeItems(items: readonly ItemTemplate[]): unknown[] {
  return items.map(({ label, role, type, enabled, submenu }) => ({
    label: label ?? role ?? type ?? '',
    enabled: enabled ?? true,
    ...(submenu === undefined ? {} : { submenu: describeItems(submenu) }),
  }));
}

function findItem(items: readonly ItemTemplate[], label: string): ItemTemplate | null {
  for (const item of items) {
    if (item.label === label) return item;
    const inside = findItem(item.submenu ?? [], label);
    if (inside !== null) return inside;
  }
  return null;
}

function clickItem(menu: MenuDouble | null, label: string): void {
  const item = findItem(menu?.template ?? [], label);
  if (item?.click === undefined) throw new Error(`electron double: there is no menu item "${label}" to click`);
  item.click();
}
onCommand('appMenu', () => describeItems(applicationMenu?.template ?? []));
onCommand('clickAppMenu', (label) => clickItem(applicationMenu, String(label)));

export class Tray extends EventEmitter {
  static #current: Tray | null = null;
  static {
    onCommand('tray', () =>
      Tray.#current === null
        ? null
        : {
            image: Tray.#current.#image,
            tooltip: Tray.#current.#tooltip,
            menu: describeItems(Tray.#current.#menu?.template ?? []),
          },
    );
    onCommand('clickTray', () => Tray.#current?.emit('click'));
    onCommand('clickTrayMenu', (label) =>
      clickItem(Tray.#current === null ? null : Tray.#current.#menu, String(label)),
    );
  }
  #image = '';
  #tooltip = '';
  #menu: MenuDouble | null = null;

  constructor(image: { path: string; isEmpty(): boolean }) {
    super();
    assertReady('new Tray');
    this.setImage(image);
    Tray.#current = this;
  }
  setImage(image: { path: string; isEmpty(): boolean }): void {
    if (image.isEmpty()) throw new Error(`electron double: the tray image ${image.path} does not exist`);
    this.#image = image.path;
  }
  setToolTip(text: string): void {
    this.#tooltip = text;
  }
  setTitle(_text: string): void {
    if (process.platform !== 'darwin') throw new Error('electron double: Tray.setTitle is for macOS');
  }
  setContextMenu(menu: MenuDouble): void {
    this.#menu = menu;
  }
  destroy(): void {
    Tray.#current = null;
  }
}
