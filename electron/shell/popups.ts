import { Notification } from 'electron';
import type { Popup, PopupOutcome, PopupPort, PopupPress } from '../engine/alert/notify/popup.ts';
import type { Clock } from '../engine/schedule/clock.ts';

export interface ElectronPopupsOptions {
  readonly icon: string;
  readonly clock: Pick<Clock, 'after'>;
  /** A popup was clicked: show the window with this page. */
  readonly onOpen: (path: string) => void;
  readonly platform: NodeJS.Platform;
}

const ANSWER_TIMEOUT_MS = 5_000;

/** Popups of the operating system whose click leads to the alert. */
export function createElectronPopups(options: ElectronPopupsOptions): PopupPort {
  // A notification that is collected as garbage loses its click.
  const open = new Map<string, Notification>();
  const listeners: ((press: PopupPress) => void)[] = [];
  return {
    onPress(listener) {
      listeners.push(listener);
    },
    show(popup) {
      const notification = new Notification({
        id: popup.id,
        groupId: popup.groupId,
        title: plainText(popup.title),
        subtitle: plainText(popup.subtitle),
        body: plainText(popup.body),
        silent: popup.isSilent,
        icon: options.icon,
        urgency: popup.urgency,
        timeoutType: popup.isSticky ? 'never' : 'default',
        ...(hasButtons(options.platform) && {
          actions: popup.actions.map(({ label }) => ({ type: 'button', text: label })),
        }),
      });
      // Linux has no ids: there the one before is taken away by hand.
      open.get(popup.id)?.close();
      open.set(popup.id, notification);
      notification.on('click', () => {
        options.onOpen(pathOf(popup));
      });
      notification.on('action', ({ actionIndex }) => {
        const action = popup.actions[actionIndex]?.action;
        if (action === 'open') options.onOpen(pathOf(popup));
        else if (action !== undefined && popup.alert !== null) {
          for (const listener of listeners) listener({ alert: popup.alert.fingerprint, action });
        }
      });
      notification.on('close', () => {
        if (open.get(popup.id) === notification) open.delete(popup.id);
      });
      return shown(notification, options.clock);
    },
    close(id) {
      open.get(id)?.close();
      open.delete(id);
    },
  };
}

/** Where Electron shows buttons; on Linux it drops them. */
function hasButtons(platform: NodeJS.Platform): boolean {
  return platform === 'darwin' || platform === 'win32';
}

/** Show it and say what the desktop answered: an unsigned application on macOS and a missing server on Linux refuse. */
async function shown(notification: Notification, clock: Pick<Clock, 'after'>): Promise<PopupOutcome> {
  return new Promise((resolve) => {
    const cancelTimer = clock.after(ANSWER_TIMEOUT_MS, () => {
      resolve({ delivered: false, reason: `The desktop did not answer within ${ANSWER_TIMEOUT_MS / 1000} s.` });
    });
    notification.on('show', () => {
      cancelTimer();
      resolve({ delivered: true });
    });
    notification.on('failed', (_event, error) => {
      cancelTimer();
      resolve({ delivered: false, reason: error });
    });
    notification.show();
  });
}

function pathOf({ alert }: Popup): string {
  return alert === null ? '/alerts' : `/alerts?alert=${encodeURIComponent(alert.fingerprint)}`;
}

/** Alert texts come from strangers: no control characters, no marks that turn the direction of what follows. */
function plainText(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]+/gu, ' ');
}
