import type { Log, LogFields } from '../log.ts';

/** What the logs worker tells the main thread unasked. */
export interface LogsEvent {
  readonly kind: 'log';
  readonly level: Parameters<Log>[0];
  readonly message: string;
  readonly fields: LogFields;
}
