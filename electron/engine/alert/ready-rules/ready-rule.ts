/** Rules for what one exporter tells, in the order of their weight. */
export interface ReadyRuleSet {
  readonly exporter: string;
  readonly title: string;
  /** Any of these metrics tells that the exporter is there. */
  readonly signs: readonly string[];
  readonly rules: readonly ReadyRule[];
}

export interface ReadyRule {
  readonly name: string;
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  readonly minutes: number;
  readonly expr: string;
  /** Template, English. */
  readonly text: string;
  /** Template, Chinese. */
  readonly zh: string;
}
