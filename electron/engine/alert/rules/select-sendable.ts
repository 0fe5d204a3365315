import { labelsToRecord, type LabelRecord } from '../../../../shared/model/labels.ts';
import type { ActiveAlert, AlertingState } from './alerting-state.ts';

/** An alert as Prometheus posts it to Alertmanager. Times are epoch milliseconds. */
export interface SentAlert {
  readonly ruleId: string;
  readonly labels: LabelRecord;
  readonly annotations: LabelRecord;
  readonly startsAt: number;
  /** When it ended, or while it fires: until when it may be believed without a word; null when the sender sets no end. */
  readonly endsAt: number | null;
  readonly value: number;
  readonly generatorUrl: string;
}

/** A firing alert is sent again after this. Source: Prometheus, `--rules.alert.resend-delay`. */
export const RESEND_DELAY_MS = 60_000;

export interface SendContext {
  readonly ruleId: string;
  readonly intervalMs: number;
  readonly externalLabels: LabelRecord;
  readonly generatorUrl: string;
}

/**
 * Choose the alerts that are due to be sent, and note that they were.
 *
 * Source: Prometheus, rules/alerting.go, needsSending and sendAlerts; notifier: external labels fill what is absent.
 */
export function selectSendable(
  state: AlertingState,
  nowMs: number,
  context: SendContext,
): { readonly state: AlertingState; readonly alerts: readonly SentAlert[] } {
  const next = new Map(state);
  const alerts: SentAlert[] = [];
  // Two evaluations or two deliveries may fail before the receiver takes the alert for ended.
  const believedUntil = nowMs + 4 * Math.max(context.intervalMs, RESEND_DELAY_MS);
  for (const [key, alert] of state) {
    if (!needsSending(alert, nowMs)) continue;
    next.set(key, { ...alert, lastSentAt: nowMs });
    alerts.push(sentAlert(alert, alert.resolvedAt ?? believedUntil, context));
  }
  return { state: next, alerts };
}

/** The alert as ended now, for a rule that is taken away. */
export function endedAlert(alert: ActiveAlert, nowMs: number, context: SendContext): SentAlert {
  return sentAlert(alert, nowMs, context);
}

function needsSending(alert: ActiveAlert, nowMs: number): boolean {
  if (alert.stage === 'pending') return false;
  if (alert.lastSentAt === null || (alert.resolvedAt ?? 0) > alert.lastSentAt) return true;
  return alert.lastSentAt + RESEND_DELAY_MS < nowMs;
}

function sentAlert(alert: ActiveAlert, endsAt: number, context: SendContext): SentAlert {
  const labels = { ...context.externalLabels, ...labelsToRecord(alert.labels) };
  return {
    ruleId: context.ruleId,
    labels,
    annotations: alert.annotations,
    startsAt: alert.firedAt ?? alert.activeAt,
    endsAt,
    value: alert.value,
    generatorUrl: context.generatorUrl,
  };
}
