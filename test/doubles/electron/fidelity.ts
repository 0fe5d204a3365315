import type { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import type * as Double from './electron.ts';

/**
 * Nothing here runs. It fails the type check when a member of the double is not one of Electron's, so that a changed or
 * removed API is noticed, and when a function of the double could not take what Electron's is called with.
 */
type Callable = (...args: never[]) => unknown;

/** Members of the double that Electron does not have under that name. */
type Unknown<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs>;

/** Functions that could not take what Electron's are called with; events are checked where they are listened to. */
type Misfit<Ours, Theirs> = {
  [Name in Exclude<keyof Ours & keyof Theirs, keyof EventEmitter>]: Ours[Name] extends Callable
    ? Theirs[Name] extends Callable
      ? Ours[Name] extends (...args: Parameters<Theirs[Name]>) => unknown
        ? never
        : Name
      : Name
    : never;
}[Exclude<keyof Ours & keyof Theirs, keyof EventEmitter>];

type Check<Ours, Theirs> = Unknown<Ours, Theirs> | Misfit<Ours, Theirs>;
type NothingLeft<Left extends never> = Left;

/** `options` is what a test reads of a window or a popup; Electron keeps it to itself. */
export type Fidelity = NothingLeft<
  [
    Check<typeof Double.app, typeof Electron.app>,
    Check<typeof Double.ipcMain, typeof Electron.ipcMain>,
    Check<typeof Double.protocol, typeof Electron.protocol>,
    Check<typeof Double.dialog, typeof Electron.dialog>,
    Check<typeof Double.powerMonitor, typeof Electron.powerMonitor>,
    Check<typeof Double.nativeTheme, typeof Electron.nativeTheme>,
    Check<typeof Double.screen, typeof Electron.screen>,
    Check<typeof Double.shell, typeof Electron.shell>,
    Check<typeof Double.safeStorage, typeof Electron.safeStorage>,
    Check<typeof Double.nativeImage, typeof Electron.nativeImage>,
    Check<typeof Double.session.defaultSession, Electron.Session>,
    // Menus and images are stand-ins of the double's own, which only it makes and takes.
    Unknown<typeof Double.Menu, typeof Electron.Menu>,
    Unknown<Double.Tray, Electron.Tray>,
    Exclude<Check<Double.BrowserWindow, Electron.BrowserWindow>, 'options'>,
    Exclude<Check<Double.Notification, Electron.Notification>, 'options'>,
    Exclude<keyof typeof Double, keyof typeof Electron | 'default'>,
  ][number]
>;
