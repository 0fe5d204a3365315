import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSessionBus, type BusSignal, type SessionBus } from './session-bus.ts';
import type { Popup, PopupAction, PopupOutcome, PopupPort, PopupPress } from './popup.ts';
import { plainText } from './popup-text.ts';

export interface DbusPopupsOptions {
  /** Absolute path of an image, shown with the popup. */
  readonly icon?: string;
  /** Shows popups where there is no session bus, or nobody on it who shows any. */
  readonly fallback: PopupPort;
  /** A popup or its button "Open" was clicked: show this page. */
  readonly onOpen: (path: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const NOTIFICATIONS = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
const APP_NAME = 'Vedette';
const NORMAL_TIMEOUT_MS = 10_000;
const URGENCY: Readonly<Record<Popup['urgency'], number>> = { low: 0, normal: 1, critical: 2 };

/**
 * Popups over the session bus of Linux: with buttons, and replaced in place when an alert changes.
 * Source: Desktop Notifications Specification 1.3.
 */
export function createDbusPopups(options: DbusPopupsOptions): PopupPort {
  const { fallback, environment } = options;
  /** The popups on the screen by the number that the desktop gave them. */
  const shown = new Map<number, Popup>();
  const listeners: ((press: PopupPress) => void)[] = [];
  let connection: Promise<Desktop> | null = null;
  fallback.onPress?.((press) => {
    tell(press);
  });

  function tell(press: PopupPress): void {
    for (const listener of listeners) listener(press);
  }

  /** One connection for all popups; when it ends, the next popup makes another. */
  function connect(address: string): Promise<Desktop> {
    connection ??= openDesktop(address).catch((error: unknown) => {
      connection = null;
      throw error;
    });
    return connection;
  }

  async function openDesktop(address: string): Promise<Desktop> {
    const bus = await openSessionBus({
      address,
      onSignal: hear,
      onEnd() {
        connection = null;
        shown.clear();
      },
    });
    try {
      await bus.follow(`type='signal',sender='${NOTIFICATIONS}',interface='${NOTIFICATIONS}'`);
      const [capabilities] = await bus.call(NOTIFICATIONS, PATH, NOTIFICATIONS, 'GetCapabilities');
      return { bus, capabilities: new Set(Array.isArray(capabilities) ? capabilities.map(String) : []) };
    } catch (error) {
      bus.close();
      throw error;
    }
  }

  function hear({ member, body }: BusSignal): void {
    const id = Number(body[0]);
    const popup = shown.get(id);
    if (popup === undefined) return;
    if (member === 'NotificationClosed') shown.delete(id);
    if (member !== 'ActionInvoked') return;
    const action = body[1] === 'default' ? 'open' : body[1];
    if (!isAction(action)) return;
    // It is done with; some desktops leave it on the screen.
    take(id);
    if (action === 'open') options.onOpen(pathOf(popup));
    else if (popup.alert !== null) tell({ alert: popup.alert.fingerprint, action });
  }

  /** Take a popup off the screen. */
  function take(number: number): void {
    void connection
      ?.then(({ bus }) => bus.call(NOTIFICATIONS, PATH, NOTIFICATIONS, 'CloseNotification', 'u', [number]))
      // It was dismissed meanwhile, or the bus has ended: either way it is no longer there.
      .catch(() => shown.delete(number));
  }

  async function showOverBus(address: string, popup: Popup): Promise<PopupOutcome> {
    const { bus, capabilities } = await connect(address);
    const replaced = [...shown].find(([, { id }]) => id === popup.id)?.[0] ?? 0;
    const body = plainText(popup.body);
    const [id] = await bus.call(NOTIFICATIONS, PATH, NOTIFICATIONS, 'Notify', 'susssasa{sv}i', [
      APP_NAME,
      replaced,
      options.icon ?? '',
      plainText(popup.title),
      capabilities.has('body-markup') ? markupText(body) : body,
      capabilities.has('actions')
        ? ['default', '', ...popup.actions.flatMap(({ action, label }) => [action, label])]
        : [],
      [
        ['urgency', ['y', URGENCY[popup.urgency]]],
        ['desktop-entry', ['s', 'vedette']],
        ['suppress-sound', ['b', popup.isSilent]],
      ],
      popup.isSticky ? 0 : NORMAL_TIMEOUT_MS,
    ]);
    shown.delete(replaced);
    shown.set(Number(id), popup);
    const isHeld = await isInhibited(bus);
    return isHeld ? { delivered: true, note: 'Do not disturb is on: the desktop holds it back.' } : { delivered: true };
  }

  return {
    async show(popup) {
      const address = sessionAddress(environment);
      let reason = 'there is no session bus';
      if (address !== null) {
        try {
          return await showOverBus(address, popup);
        } catch (error) {
          reason = error instanceof Error ? error.message : String(error);
        }
      }
      const outcome = await fallback.show(popup);
      if (outcome.delivered) return { delivered: true, note: `Without buttons: ${reason}.` };
      return address === null ? outcome : { delivered: false, reason: `${outcome.reason} (session bus: ${reason})` };
    },
    close(id) {
      fallback.close(id);
      const [number] = [...shown].find(([, popup]) => popup.id === id) ?? [];
      if (number !== undefined) take(number);
    },
    onPress(listener) {
      listeners.push(listener);
    },
    stop() {
      void connection?.then(({ bus }) => {
        bus.close();
      });
      connection = null;
      fallback.stop?.();
    },
  };
}

interface Desktop {
  readonly bus: SessionBus;
  readonly capabilities: ReadonlySet<string>;
}

/** Where the session bus listens; null where there is none. Source: D-Bus Specification, "Well-known Message Bus Instances"; systemd. */
function sessionAddress(environment: DbusPopupsOptions['environment']): string | null {
  const { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: folder } = environment;
  if (address !== undefined && address !== '') return address;
  if (folder === undefined || folder === '') return null;
  const socket = join(folder, 'bus');
  return existsSync(socket) ? `unix:path=${socket}` : null;
}

/** Whether the desktop says that it holds popups back: `Inhibited` of the specification, and `paused` of dunst. */
async function isInhibited(bus: SessionBus): Promise<boolean> {
  const asked = await Promise.all(
    [
      [NOTIFICATIONS, 'Inhibited'],
      ['org.dunstproject.cmd0', 'paused'],
    ].map((names) =>
      bus
        .call(NOTIFICATIONS, PATH, 'org.freedesktop.DBus.Properties', 'Get', 'ss', names)
        // Most desktops have neither, and then nobody can tell.
        .catch(() => [false]),
    ),
  );
  return asked.some(([value]) => value === true);
}

function isAction(value: unknown): value is PopupAction {
  return value === 'acknowledge' || value === 'snooze' || value === 'open';
}

function pathOf({ alert }: Popup): string {
  return alert === null ? '/alerts' : `/alerts?alert=${encodeURIComponent(alert.fingerprint)}`;
}

function markupText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
