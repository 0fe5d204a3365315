export { createNotifier } from './create-notifier.ts';
export type { Notifier, NotifierOptions, TestDelivery } from './create-notifier.ts';
export { createNodeNotifierPopups } from './node-notifier-popups.ts';
export type { NodeNotifierOptions } from './node-notifier-popups.ts';
export type { Popup, PopupOutcome, PopupPort } from './popup.ts';
export type { Language } from './popup-text.ts';
export { severityOf } from './severity.ts';
export type { AlertSeverity } from './severity.ts';
