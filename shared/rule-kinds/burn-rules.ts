import { durationText } from './promql-text.ts';
import type { RuleForm } from './rule-form.ts';

/** One pair of windows over which the budget is watched. */
export interface BurnRule {
  readonly expr: string;
  readonly forMs: number;
  readonly severity: 'critical' | 'warning';
  /** The longer window, as the rule writes it. */
  readonly window: string;
  readonly factor: number;
}

const HOUR_MS = 3_600_000;
/**
 * The share of the budget that may go within a window, and who is told. The short window, a twelfth, lets the alert end
 * soon after the burning did.
 *
 * Source: The Site Reliability Workbook, "Alerting on SLOs", multiwindow, multi-burn-rate alerts.
 */
const PAIRS = [
  { share: 0.02, longMs: HOUR_MS, forMs: 2 * 60_000, severity: 'critical' },
  { share: 0.05, longMs: 6 * HOUR_MS, forMs: 5 * 60_000, severity: 'critical' },
  { share: 0.1, longMs: 72 * HOUR_MS, forMs: HOUR_MS, severity: 'warning' },
] as const;

/** Rules for an objective: page when it burns fast, open a ticket when it burns slowly. */
export function burnRules(form: RuleForm & { kind: 'burn' }): readonly BurnRule[] {
  const budget = rounded(1 - form.objective);
  return PAIRS.map(({ share, longMs, forMs, severity }) => {
    const factor = rounded((share * form.periodMs) / longMs);
    const limit = `${String(factor)} * ${String(budget)}`;
    const expr = `(${errorRatio(form, longMs)}) > ${limit}\nand\n(${errorRatio(form, longMs / 12)}) > ${limit}`;
    return { expr, forMs, severity, window: durationText(longMs), factor };
  });
}

function errorRatio({ part, partIs, total, by }: RuleForm & { kind: 'burn' }, windowMs: number): string {
  const labels = by.length === 0 ? '' : ` by (${by.join(', ')})`;
  const sum = (counter: string): string => `sum${labels} (rate(${counter.trim()}[${durationText(windowMs)}]))`;
  if (partIs === 'bad') return `${sum(part)} / ${sum(total)}`;
  // When nothing goes well there may be no series of it, and all of the total is wrong.
  return `1 - (${sum(part)} or 0 * ${sum(total)}) / ${sum(total)}`;
}

/** 1 − 0.999 is 0.0010000000000000009 in binary numbers; nobody wants to read that in a rule. */
function rounded(value: number): number {
  return Number(value.toPrecision(10));
}
