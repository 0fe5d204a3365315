import type { Clock } from '../../schedule/clock.ts';
import type { Popup, PopupOutcome, PopupPort } from './popup.ts';
import { plainText } from './popup-text.ts';

export interface NodeNotifierOptions {
  readonly clock: Clock;
  /** Absolute path of an image, shown with the popup. */
  readonly icon?: string;
  /** The application's id on Windows. */
  readonly appId?: string;
  readonly platform?: NodeJS.Platform;
}

const APP_NAME = 'Vedette';
const ANSWER_TIMEOUT_MS = 10_000;
const NORMAL_TIMEOUT_S = 10;

/** Popups through node-notifier: notify-send on Linux and BSD, terminal-notifier on macOS, SnoreToast on Windows. */
export function createNodeNotifierPopups(options: NodeNotifierOptions): PopupPort {
  const platform = options.platform ?? process.platform;
  const isMacOrWindows = platform === 'darwin' || platform === 'win32';
  let loaded: Promise<Notify> | null = null;
  /** Loaded with the first popup: many programs run for days without one, and it takes 10 MB. */
  const load = (): Promise<Notify> => (loaded ??= loadNotify(isMacOrWindows));
  return {
    async show(popup) {
      const notify = await load();
      return new Promise((resolve) => {
        const settle = (outcome: PopupOutcome): void => {
          cancelTimer();
          resolve(outcome);
        };
        const cancelTimer = options.clock.after(ANSWER_TIMEOUT_MS, () => {
          settle({
            delivered: false,
            reason: `The desktop did not answer within ${String(ANSWER_TIMEOUT_MS / 1000)} s.`,
          });
        });
        notify(isMacOrWindows ? forToast(popup, options) : forNotifySend(popup, options), (error) => {
          settle(outcomeOf(error));
        });
      });
    },
    close(id) {
      // notify-send cannot take a popup back: there the note of the end takes its place. None was shown before loading.
      if (!isMacOrWindows || loaded === null) return;
      void loaded.then((notify) => notify({ remove: platform === 'win32' ? numericId(id) : id }, () => undefined));
    },
  };
}

type Notify = (settings: object, done: (error: unknown) => void) => unknown;

async function loadNotify(isMacOrWindows: boolean): Promise<Notify> {
  const { default: notifier } = await import('node-notifier');
  // Without the check of node-notifier, which looks once and then believes for ever that notify-send is missing.
  const sender = isMacOrWindows ? notifier : new notifier.NotifySend({ suppressOsdCheck: true } as object);
  return sender.notify.bind(sender);
}

function forNotifySend(popup: Popup, { icon }: NodeNotifierOptions): object {
  return {
    title: notAnOption(plainText(popup.title)),
    message: notAnOption(markupText(plainText(popup.body) || ' ')),
    urgency: popup.urgency,
    timeout: popup.isSticky ? 0 : NORMAL_TIMEOUT_S,
    'app-name': APP_NAME,
    // dunst, mako and notify-osd take it as the popup's name and replace the one before.
    hint: `string:x-canonical-private-synchronous:${popup.id.replace(/[^\w.-]/g, '_')}`,
    ...(icon === undefined ? {} : { icon }),
  };
}

function forToast(popup: Popup, { icon, appId }: NodeNotifierOptions): object {
  return {
    title: plainText(popup.title),
    subtitle: plainText(popup.subtitle),
    message: plainText(popup.body) || ' ',
    sound: !popup.isSilent,
    wait: false,
    id: numericId(popup.id),
    group: popup.id,
    ...(appId === undefined ? {} : { appID: appId }),
    ...(icon === undefined ? {} : { icon }),
  };
}

/** The body is markup to the notification server, and notify-send reads backslash escapes in it. */
function markupText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\\', '\\\\');
}

/** A text that begins with a dash would be read as an option of notify-send. */
function notAnOption(text: string): string {
  return text.startsWith('-') ? ` ${text}` : text;
}

/** Windows wants a number; the hex digits of a fingerprint give one, other ids a fixed sum. */
function numericId(id: string): number {
  let sum = 7;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 2_147_483_647;
  return sum;
}

/** A message without an error, even with words on the error stream, was taken: warnings of libraries come that way. */
function outcomeOf(error: unknown): PopupOutcome {
  if (!(error instanceof Error)) return { delivered: true };
  // The first line repeats the whole command; what follows is what notify-send said.
  const [command = '', ...said] = error.message.split('\n');
  const words = said.join(' ').trim();
  return { delivered: false, reason: words === '' ? command : words };
}
