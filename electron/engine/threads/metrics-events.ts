import type { SentAlert } from '../alert/rules/index.ts';
import type { Log, LogFields } from '../log.ts';

/** What the metrics worker tells the main thread unasked. */
export type MetricsEvent =
  | { readonly kind: 'log'; readonly level: Parameters<Log>[0]; readonly message: string; readonly fields: LogFields }
  | { readonly kind: 'alerts'; readonly alerts: readonly SentAlert[] }
  | { readonly kind: 'targets' }
  | { readonly kind: 'gap'; readonly fromMs: number; readonly toMs: number };
