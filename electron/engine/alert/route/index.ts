export { createDispatcher } from './create-dispatcher.ts';
export type { AlertGroupStatus, AlertStatus, Dispatcher } from './create-dispatcher.ts';
export { compileMatchers } from './match-labels.ts';
export type { LabelTest } from './match-labels.ts';
export { createSilences, silenceState } from './silences.ts';
export type { Silences, SilenceState, WantedSilence } from './silences.ts';
export { fingerprint } from './fingerprint.ts';
export type { NotificationRequest } from './notification.ts';
export type { IncomingAlert } from './routed-alert.ts';
