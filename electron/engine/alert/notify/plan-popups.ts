import type { Notification, NotifiedAlert } from '../route/notification.ts';
import { buildAlertPopup, buildGroupPopup, GROUP_POPUP_ID, popupId, type PopupContext } from './build-popup.ts';
import type { Popup } from './popup.ts';
import { severityOf, severityRank } from './severity.ts';

/** What was shown lately, to keep popups few. Times are epoch milliseconds. */
export interface PopupMemory {
  /** When each popup of the last seconds was shown. */
  readonly shownAt: readonly number[];
  /** By {@link popupId}. */
  readonly alerts: ReadonlyMap<string, ShownAlert>;
  /** The alerts of the group popup that is on the screen. */
  readonly group: { readonly at: number; readonly alerts: readonly NotifiedAlert[] } | null;
}

interface ShownAlert {
  readonly at: number;
  readonly fingerprint: string;
  readonly rank: number;
  readonly status: 'firing' | 'resolved';
}

export interface PopupPlan {
  readonly memory: PopupMemory;
  readonly popups: readonly Popup[];
  /** Popups to take away first. */
  readonly closed: readonly string[];
}

export const NO_POPUPS: PopupMemory = { shownAt: [], alerts: new Map(), group: null };

const STORM_WINDOW_MS = 10_000;
const STORM_COUNT = 5;
const QUIET_MS = 15 * 60_000;

/**
 * Decide what a message shows on the desktop.
 *
 * Only what is news in it, or everything that fires when it is a reminder. The same alert is not shown again within 15
 * minutes unless it got worse. More than five popups in ten seconds become one for all of them, which grows.
 */
export function planPopups(memory: PopupMemory, notification: Notification, context: PopupContext): PopupPlan {
  const { nowMs } = context;
  const isReminder = notification.reason === 'repeat';
  const shown = notification.alerts.filter((alert) => {
    const before = memory.alerts.get(popupId(alert));
    if (alert.status === 'resolved') return alert.isNews && isEndWorthTelling(alert, before);
    if (!alert.isNews && !isReminder) return false;
    const isWorse = before !== undefined && severityRank(severityOf(alert.labels)) > before.rank;
    return before === undefined || isWorse || nowMs - before.at >= QUIET_MS;
  });
  const recent = memory.shownAt.filter((at) => nowMs - at < STORM_WINDOW_MS);
  if (shown.length === 0) return { memory, popups: [], closed: [] };
  const alerts = remember(memory.alerts, shown, nowMs);
  if (recent.length + shown.length <= STORM_COUNT) {
    const popups = shown.map((alert) => buildAlertPopup(alert, notification, context));
    const shownAt = [...recent, ...popups.map(() => nowMs)];
    return { memory: { ...memory, shownAt, alerts }, popups, closed: closedBy(popups) };
  }
  const earlier = memory.group !== null && nowMs - memory.group.at < STORM_WINDOW_MS ? memory.group.alerts : [];
  const ids = new Set(shown.map(popupId));
  const together = [...earlier.filter((alert) => !ids.has(popupId(alert))), ...shown];
  const popup = buildGroupPopup(together, context);
  // Popups of alerts that the group popup now tells as over must not stay on the screen as if they fired.
  const closed = shown.filter(({ status }) => status === 'resolved').map(popupId);
  const shownAt = [...recent, ...shown.map(() => nowMs)].slice(-STORM_COUNT - 1);
  return { memory: { shownAt, alerts, group: { at: nowMs, alerts: together } }, popups: [popup], closed };
}

/** The end of an alert whose popup was held back, or was replaced by that of a worse one, is not told. */
function isEndWorthTelling(alert: NotifiedAlert, before: ShownAlert | undefined): boolean {
  return before === undefined || (before.status === 'firing' && before.fingerprint === alert.fingerprint);
}

function closedBy(popups: readonly Popup[]): string[] {
  return popups.filter(({ kind, id }) => kind === 'resolved' && id !== GROUP_POPUP_ID).map(({ id }) => id);
}

function remember(
  known: ReadonlyMap<string, ShownAlert>,
  shown: readonly NotifiedAlert[],
  nowMs: number,
): ReadonlyMap<string, ShownAlert> {
  const next = new Map([...known].filter(([, { at, status }]) => status === 'firing' || nowMs - at < QUIET_MS));
  for (const alert of shown) {
    const before = next.get(popupId(alert));
    const isOver = alert.status === 'resolved';
    next.set(popupId(alert), {
      // The quiet time runs from the last popup that said that it fires.
      at: isOver ? (before?.at ?? nowMs) : nowMs,
      fingerprint: alert.fingerprint,
      rank: severityRank(severityOf(alert.labels)),
      status: alert.status,
    });
  }
  return next;
}
