/** `==` … `<=`, as PromQL writes them. */
export type RuleComparison = '>' | '>=' | '<' | '<=' | '==' | '!=';

/**
 * What a person fills in for one kind of rule. `subject` is any PromQL expression that gives series; `selector` is the
 * name of a metric, with label matchers or without. Durations are milliseconds.
 */
export type RuleForm =
  /** The subject is beyond a limit. */
  | {
      readonly kind: 'threshold';
      readonly subject: string;
      readonly comparison: RuleComparison;
      readonly limit: number;
    }
  /** Nothing was written under the selector for the whole window. */
  | { readonly kind: 'absence'; readonly selector: string; readonly windowMs: number }
  /**
   * How fast something changes: `perSecond` of a counter, the `difference` of a gauge over the window, or its change in
   * `percent` of what it was a window ago.
   */
  | {
      readonly kind: 'change';
      readonly selector: string;
      readonly measure: 'perSecond' | 'difference' | 'percent';
      readonly windowMs: number;
      readonly comparison: RuleComparison;
      readonly limit: number;
    }
  /** Where the line through the window leads: disk full in four hours. */
  | {
      readonly kind: 'trend';
      readonly subject: string;
      readonly windowMs: number;
      readonly aheadMs: number;
      readonly comparison: RuleComparison;
      readonly limit: number;
    }
  /** Unlike the same time of the previous days or weeks: further than `deviations` standard deviations from the mean. */
  | {
      readonly kind: 'seasonal';
      readonly subject: string;
      readonly seasonMs: number;
      /** How many seasons are looked at, 2 or more. */
      readonly seasons: number;
      /** Over which each season, and the present, is averaged. */
      readonly windowMs: number;
      readonly deviations: number;
      /** Beyond the band this share of the mean is tolerated too, in percent; a steady series has a band of no width. */
      readonly marginPercent: number;
      readonly direction: 'above' | 'below' | 'both';
    }
  /** The error budget of an objective is spent too fast; gives three rules. */
  | {
      readonly kind: 'burn';
      /** Counter of what went well (`good`) or wrong (`bad`). */
      readonly part: string;
      readonly partIs: 'good' | 'bad';
      /** Counter of everything. */
      readonly total: string;
      /** 0–1, such as 0.999. */
      readonly objective: number;
      readonly periodMs: number;
      /** Labels that are judged apart, such as `job`. */
      readonly by: readonly string[];
    }
  /** Many lines of a level in the logs. */
  | {
      readonly kind: 'logLevel';
      /** '' for every source. */
      readonly source: string;
      readonly levels: readonly string[];
      readonly windowMs: number;
      readonly limit: number;
    }
  /** Many lines that fit the pattern of a log metric. */
  | {
      readonly kind: 'logPattern';
      /** The name of the metric, as in `logs[].metrics`. */
      readonly metric: string;
      readonly source: string;
      readonly windowMs: number;
      readonly limit: number;
    }
  /** PromQL as it is. */
  | { readonly kind: 'expression'; readonly expr: string };

export type RuleKind = RuleForm['kind'];

/** What every kind has. */
export interface RuleFrame {
  readonly name: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  /** A sentence for people, may be a template; '' takes the kind's own. */
  readonly summary: string;
}

/** An alerting rule, ready to be written into a file. */
export interface RuleDraft {
  readonly name: string;
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
