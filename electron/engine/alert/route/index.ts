export type { AlertChange } from './alert-book.ts';
export { createDispatcher } from './create-dispatcher.ts';
export type { AlertGroupStatus, Dispatcher, DispatcherOptions } from './create-dispatcher.ts';
export { fingerprint } from './fingerprint.ts';
export type { Notification, NotificationRequest, NotifiedAlert, SendNotification } from './notification.ts';
export type { IncomingAlert } from './routed-alert.ts';
