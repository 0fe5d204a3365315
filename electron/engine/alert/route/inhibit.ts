import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { InhibitRuleConfig } from '../../config/configuration.ts';
import { compileMatchers, type LabelTest } from './match-labels.ts';

/** Inhibition rules, ready to match. */
export interface InhibitRule {
  readonly isSource: LabelTest;
  readonly isTarget: LabelTest;
  readonly equal: readonly string[];
}

export function compileInhibitRules(rules: readonly InhibitRuleConfig[]): InhibitRule[] {
  return rules.map(({ sourceMatchers, targetMatchers, equal }) => ({
    isSource: compileMatchers(sourceMatchers),
    isTarget: compileMatchers(targetMatchers),
    equal,
  }));
}

export interface InhibitSource {
  readonly fingerprint: string;
  readonly labels: LabelRecord;
}

/**
 * Find what holds alerts back at this moment.
 *
 * An alert is held back when it is a target and some firing alert is a source with equal values in all `equal` labels
 * (missing equals empty). One that is both cannot be held back by another that is both, so that two never silence each other.
 * Sources are looked up by their `equal` values, so the cost grows with alerts and not with their pairs.
 *
 * @param firing every alert that fires, routed anywhere
 * @returns for an alert's labels, the fingerprints of what holds it back
 * Source: Alertmanager, inhibit/inhibit.go.
 */
export function createInhibitor(
  rules: readonly InhibitRule[],
  firing: readonly InhibitSource[],
): (labels: LabelRecord) => readonly string[] {
  const indexes = rules.map((rule) => {
    const index = new Map<string, { fingerprint: string; isBoth: boolean }[]>();
    for (const { fingerprint, labels } of firing) {
      if (!rule.isSource(labels)) continue;
      const key = equalKey(rule, labels);
      const sources = index.get(key) ?? [];
      sources.push({ fingerprint, isBoth: rule.isTarget(labels) });
      index.set(key, sources);
    }
    return { rule, index };
  });
  return (labels) =>
    indexes.flatMap(({ rule, index }) => {
      if (index.size === 0 || !rule.isTarget(labels)) return [];
      const sources = index.get(equalKey(rule, labels)) ?? [];
      const isBoth = rule.isSource(labels);
      return sources.filter((source) => !(isBoth && source.isBoth)).map((source) => source.fingerprint);
    });
}

function equalKey(rule: InhibitRule, labels: LabelRecord): string {
  return rule.equal.map((name) => labels[name] ?? '').join('\u0000');
}
