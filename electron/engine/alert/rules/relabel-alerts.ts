import { compileRelabel } from '../../collect/relabel/index.ts';
import type { RelabelStep } from '../../config/relabel-step.ts';
import type { SentAlert } from './select-sendable.ts';

/** Change the labels of alerts before they are routed, or drop them. Source: Prometheus manual, `alert_relabel_configs`. */
export function relabelAlerts(alerts: readonly SentAlert[], steps: readonly RelabelStep[]): readonly SentAlert[] {
  const relabel = compileRelabel(steps);
  if (relabel === null) return alerts;
  return alerts.flatMap((alert) => {
    const labels = new Map(Object.entries(alert.labels));
    return relabel(labels) ? [{ ...alert, labels: Object.fromEntries(labels) }] : [];
  });
}
