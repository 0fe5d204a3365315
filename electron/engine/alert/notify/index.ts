export { createDbusPopups } from './dbus-popups.ts';
export { loadTemplates, PLAIN_TEMPLATES } from './load-templates.ts';
export { createNotifier } from './create-notifier.ts';
export type { Notifier } from './create-notifier.ts';
export { createNodeNotifierPopups } from './node-notifier-popups.ts';
export type { Popup, PopupPort } from './popup.ts';
export type { Language } from './popup-text.ts';
export { severityOf } from './severity.ts';
