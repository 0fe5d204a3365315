import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { SeverityLevel } from '../../config/configuration.ts';

/** How bad an alert is, by its label `severity`; `alert` is one that says nothing of it. */
export type AlertSeverity = 'critical' | 'error' | 'warning' | 'info' | 'alert';

/** Words that rule files use, and what they mean here. */
const MEANINGS: Readonly<Record<string, AlertSeverity>> = {
  critical: 'critical',
  crit: 'critical',
  page: 'critical',
  emergency: 'critical',
  disaster: 'critical',
  fatal: 'critical',
  error: 'error',
  high: 'error',
  major: 'error',
  warning: 'warning',
  warn: 'warning',
  average: 'warning',
  minor: 'warning',
  ticket: 'warning',
  info: 'info',
  information: 'info',
  informational: 'info',
  low: 'info',
  notice: 'info',
  none: 'info',
};

const RANKS: Readonly<Record<AlertSeverity, number>> = { critical: 4, error: 3, warning: 2, alert: 1, info: 0 };

export function severityOf(labels: LabelRecord): AlertSeverity {
  return MEANINGS[(labels['severity'] ?? '').toLowerCase()] ?? 'alert';
}

/** Greater is worse. */
export function severityRank(severity: AlertSeverity): number {
  return RANKS[severity];
}

/** Whether an alert is as bad as this; one that says nothing of it counts as a warning, since somebody wanted to be told. */
export function isAtLeast(labels: LabelRecord, least: SeverityLevel): boolean {
  const severity = severityOf(labels);
  return severityRank(severity === 'alert' ? 'warning' : severity) >= severityRank(least);
}
