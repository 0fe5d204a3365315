import { METRIC_NAME, type LabelRecord } from '../../../shared/model/labels.ts';
import type { Alert, Severity } from '../../../shared/contract/alerts.ts';
import type { Language } from '../../i18n/language.ts';
import type { Mark } from '../../ui/StateMark.tsx';

const ORDER: readonly Severity[] = ['critical', 'error', 'warning', 'info'];

/** Worst first; of equal ones the newest first. */
export function byUrgency(a: Alert, b: Alert): number {
  return ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || startOf(b) - startOf(a);
}

/** Since when it fires, or its expression holds. */
export function startOf(alert: Alert): number {
  return alert.firedAt ?? alert.activeAt;
}

/** The shape for a severity. */
export function markOf(severity: Severity): Mark {
  return severity === 'error' ? 'critical' : severity;
}

/** An annotation in the reader's language: `summary_zh` goes before `summary` in Chinese. */
export function annotationOf(alert: Pick<Alert, 'annotations'>, name: string, language: Language): string | null {
  const own = language === 'zh-CN' ? alert.annotations[`${name}_zh`] : undefined;
  return own ?? alert.annotations[name] ?? null;
}

/** The labels that tell this alert from others of its rule. */
export function tellingLabels(alert: Alert): readonly (readonly [name: string, value: string])[] {
  return Object.entries(alert.labels).filter(([name]) => name !== 'alertname' && name !== 'severity');
}

/** Whether a series is the one that an alert is about: each of its labels is a label of the alert, too. */
export function isSeriesOf(labels: LabelRecord, alert: Alert): boolean {
  return Object.entries(labels).every(([name, value]) => name === METRIC_NAME || alert.labels[name] === value);
}

/** Whether all words occur in what is shown of an alert, in any case. */
export function matchesWords(alert: Alert, words: string): boolean {
  const shown = [alert.name, alert.severity, ...Object.values(alert.annotations), ...Object.values(alert.labels)]
    .join('\n')
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => shown.includes(word));
}

/** The labels that all of these alerts have with the same value: what a silence for all of them matches. */
export function sharedLabels(alerts: readonly Pick<Alert, 'labels'>[]): Readonly<Record<string, string>> {
  const [first, ...others] = alerts;
  if (first === undefined) return {};
  const shared = Object.entries(first.labels).filter(([name, value]) =>
    others.every(({ labels }) => labels[name] === value),
  );
  return Object.fromEntries(shared);
}
