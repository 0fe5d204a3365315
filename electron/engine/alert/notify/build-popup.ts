import type { Notification, NotifiedAlert } from '../route/notification.ts';
import { fingerprint } from '../route/fingerprint.ts';
import type { Popup } from './popup.ts';
import { alertName, durationText, plainText, POPUP_WORDS, SEPARATOR, sinceText, summaryOf, valueText, type Language, type PopupWords } from './popup-text.ts'; // prettier-ignore
import { severityOf, severityRank } from './severity.ts';

export interface PopupContext {
  readonly language: Language;
  readonly nowMs: number;
  /** IANA name; the machine's own without it. */
  readonly timeZone?: string;
}

/** What stays the same when an alert gets worse: a popup of the worse one takes the place of the one before. */
export function popupId(alert: NotifiedAlert): string {
  return fingerprint(Object.fromEntries(Object.entries(alert.labels).filter(([name]) => name !== 'severity')));
}

/** The popup of one alert: that it fires, or quietly that it is over. */
export function buildAlertPopup(alert: NotifiedAlert, notification: Notification, context: PopupContext): Popup {
  const words = POPUP_WORDS[context.language];
  const severity = severityOf(alert.labels);
  const common = {
    id: popupId(alert),
    groupId: notification.groupKey,
    subtitle: plainText(Object.values(notification.groupLabels).join(SEPARATOR)),
    alert: { fingerprint: alert.fingerprint, at: alert.startsAt },
  };
  if (alert.status === 'resolved') {
    const duration = durationText((alert.endsAt ?? context.nowMs) - alert.startsAt, words);
    return {
      ...common,
      kind: 'resolved',
      title: words.resolvedTitle(alertName(alert)),
      body: joinParts([words.resolvedAfter(duration), summaryOf(alert, context.language)]),
      urgency: 'low',
      isSticky: false,
      isSilent: true,
      actions: [openAction(words)],
    };
  }
  return {
    ...common,
    kind: 'firing',
    title: words.title(words.severity[severity], alertName(alert)),
    body: joinParts([
      summaryOf(alert, context.language),
      alert.value === null ? '' : words.value(valueText(alert.value)),
      words.since(sinceText(alert.startsAt, context.nowMs, context.language, context.timeZone)),
    ]),
    urgency: severity === 'critical' ? 'critical' : severity === 'info' ? 'low' : 'normal',
    isSticky: severity === 'critical',
    isSilent: false,
    actions: [
      { action: 'acknowledge', label: words.acknowledge },
      { action: 'snooze', label: words.snooze },
      openAction(words),
    ],
  };
}

export const GROUP_POPUP_ID = 'many-alerts';
const NAMES_SHOWN = 5;

/** One popup for many alerts at once. */
export function buildGroupPopup(alerts: readonly NotifiedAlert[], context: PopupContext): Popup {
  const words = POPUP_WORDS[context.language];
  const firing = alerts.filter(({ status }) => status === 'firing');
  const resolvedCount = alerts.length - firing.length;
  const worst = firing
    .map(({ labels }) => severityOf(labels))
    .reduce((a, b) => (severityRank(b) > severityRank(a) ? b : a), 'info');
  const counts = new Map<string, number>();
  for (const alert of alerts) counts.set(alertName(alert), (counts.get(alertName(alert)) ?? 0) + 1);
  const names = [...counts].map(([name, count]) => (count > 1 ? `${name} ×${String(count)}` : name));
  const hidden = names.length - NAMES_SHOWN;
  const told = [
    firing.length > 0 ? words.firingCount(firing.length) : '',
    resolvedCount > 0 ? words.resolvedCount(resolvedCount) : '',
  ];
  const headline = joinParts(told);
  return {
    id: GROUP_POPUP_ID,
    groupId: GROUP_POPUP_ID,
    kind: firing.length > 0 ? 'firing' : 'resolved',
    title: firing.length > 0 ? words.title(words.severity[worst], headline) : headline,
    subtitle: '',
    body: joinParts([...names.slice(0, NAMES_SHOWN), hidden > 0 ? words.more(hidden) : '']),
    urgency: worst === 'critical' ? 'critical' : firing.length > 0 ? 'normal' : 'low',
    isSticky: worst === 'critical',
    isSilent: firing.length === 0,
    alert: null,
    actions: [openAction(words)],
  };
}

function openAction(words: PopupWords): Popup['actions'][number] {
  return { action: 'open', label: words.open };
}

/** The popup with which a person tries whether popups come. */
export function buildTestPopup(language: Language): Popup {
  const words = POPUP_WORDS[language];
  return {
    id: 'test',
    groupId: 'test',
    kind: 'test',
    title: words.testTitle,
    subtitle: '',
    body: words.testBody,
    urgency: 'normal',
    isSticky: false,
    isSilent: false,
    alert: null,
    actions: [openAction(words)],
  };
}

function joinParts(parts: readonly string[]): string {
  return plainText(parts.filter((part) => part !== '').join(SEPARATOR));
}
