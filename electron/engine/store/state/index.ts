export type { AlertTable, StoredAlert } from './alert-table.ts';
export type { AlertEpisode, AlertEpisodes } from './alert-episodes.ts';
export type { CheckHistory, StateDurations, TimeRange } from './check-history.ts';
export type { Delivery, DeliveryEnd, DeliveryLog, DeliveryOutcome, NewDelivery } from './delivery-log.ts';
export type { NotificationKey, NotificationLogEntry } from './notification-key.ts';
export type { NotificationLog } from './notification-log.ts';
export type { Silence, SilenceTable } from './silence-table.ts';
export { openStateStore } from './open-state-store.ts';
export type { Facts, StateStore, StateStoreOptions } from './open-state-store.ts';
