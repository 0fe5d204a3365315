import { labelsToRecord, type LabelRecord } from '../../../../shared/model/labels.ts';
import type { ActiveAlert, AlertingState } from './alerting-state.ts';

/** A group as `/api/v1/rules` tells it. Times are epoch milliseconds; 0 where nothing happened yet. */
export interface RuleGroupStatus {
  readonly name: string;
  readonly file: string;
  readonly intervalMs: number;
  readonly limit: number;
  readonly rules: readonly RuleStatus[];
  readonly evaluationTimeMs: number;
  readonly lastEvaluation: number;
}

export type RuleHealth = 'unknown' | 'ok' | 'err';

interface CommonRuleStatus {
  readonly id: string;
  readonly name: string;
  readonly query: string;
  readonly labels: LabelRecord;
  readonly health: RuleHealth;
  /** Why the last evaluation failed; '' when it did not. */
  readonly lastError: string;
  readonly evaluationTimeMs: number;
  readonly lastEvaluation: number;
  readonly line: number;
}

export type RuleStatus =
  | (CommonRuleStatus & { readonly kind: 'recording' })
  | (CommonRuleStatus & {
      readonly kind: 'alerting';
      readonly state: 'inactive' | 'pending' | 'firing';
      readonly forMs: number;
      readonly keepFiringForMs: number;
      readonly annotations: LabelRecord;
      readonly alerts: readonly AlertStatus[];
    });

/** An active alert as `/api/v1/alerts` tells it. */
export interface AlertStatus {
  readonly ruleId: string;
  readonly labels: LabelRecord;
  readonly annotations: LabelRecord;
  readonly state: 'pending' | 'firing';
  readonly activeAt: number;
  readonly firedAt: number | null;
  readonly keepFiringSince: number | null;
  readonly value: number;
}

/** The alerts of a rule that wait or fire, oldest first. */
export function activeAlerts(ruleId: string, state: AlertingState): AlertStatus[] {
  return [...state.values()]
    .flatMap((alert) => (alert.stage === 'inactive' ? [] : [alertStatus(ruleId, alert, alert.stage)]))
    .sort((a, b) => a.activeAt - b.activeAt);
}

function alertStatus(ruleId: string, alert: ActiveAlert, state: 'pending' | 'firing'): AlertStatus {
  return {
    ruleId,
    labels: labelsToRecord(alert.labels),
    annotations: alert.annotations,
    state,
    activeAt: alert.activeAt,
    firedAt: alert.firedAt,
    keepFiringSince: alert.keepFiringSince,
    value: alert.value,
  };
}

/** The worst of a rule's alerts. */
export function ruleState(alerts: readonly AlertStatus[]): 'inactive' | 'pending' | 'firing' {
  if (alerts.some(({ state }) => state === 'firing')) return 'firing';
  return alerts.length > 0 ? 'pending' : 'inactive';
}
