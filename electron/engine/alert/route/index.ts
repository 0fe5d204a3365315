export { createDispatcher } from './create-dispatcher.ts';
export { fingerprint } from './fingerprint.ts';
export type { NotificationRequest } from './notification.ts';
export type { IncomingAlert } from './routed-alert.ts';
