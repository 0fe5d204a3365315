import type { RuleConfig, RuleGroupConfig } from '../../config/configuration.ts';
import { createRunningRule, type RulePorts, type RunningRule } from './running-rule.ts';
import type { AlertStatus, RuleGroupStatus } from './rule-status.ts';

/** The part of the scheduler that rules need: run at a fixed rate, at the phase of the key. */
export interface RuleScheduler {
  every(job: {
    readonly key: string;
    readonly intervalMs: number;
    readonly run: (tick: { readonly scheduledAt: number; readonly signal: AbortSignal }) => Promise<void>;
  }): () => void;
}

export interface RuleGroupsOptions extends RulePorts {
  readonly groups: readonly RuleGroupConfig[];
  readonly scheduler: RuleScheduler;
}

/** The rules of the program at work. */
export interface RuleGroups {
  groups(): RuleGroupStatus[];
  /** Every alert that waits or fires. */
  alerts(): AlertStatus[];
  /** Take a new configuration; a rule whose name and labels are unchanged keeps its alerts. */
  update(groups: readonly RuleGroupConfig[]): void;
  /** Nothing was measured from `fromMs` to `toMs`: that time does not count towards `for`. */
  gap(fromMs: number, toMs: number): void;
  /** Stop evaluating. Alerts stay as they are, for the next start to take up. */
  stop(): void;
}

interface RunningGroup {
  readonly config: RuleGroupConfig;
  readonly rules: readonly RunningRule[];
  readonly figures: { evaluationTimeMs: number; lastEvaluation: number };
  readonly dispose: () => void;
}

/**
 * Evaluate rule groups: each at its own fixed rate, its rules in order, so that later rules see what earlier ones wrote.
 * An evaluation that was missed is not made up for.
 */
export function startRuleGroups(options: RuleGroupsOptions): RuleGroups {
  let running: RunningGroup[] = options.groups.map((config) => startGroup(config, createRules(config, new Map())));

  function createRules(config: RuleGroupConfig, known: Map<string, RunningRule>): readonly RunningRule[] {
    return identify(config).map(({ id, rule }) => {
      const existing = known.get(id);
      known.delete(id);
      existing?.configure(config, rule);
      return existing ?? createRunningRule(id, config, rule, options);
    });
  }

  function startGroup(config: RuleGroupConfig, rules: readonly RunningRule[]): RunningGroup {
    const figures = { evaluationTimeMs: 0, lastEvaluation: 0 };
    const dispose = options.scheduler.every({
      key: `rules;${config.file};${config.name}`,
      intervalMs: config.intervalMs,
      async run({ scheduledAt, signal }) {
        const startedAt = options.clock.monotonic();
        for (const rule of rules) {
          if (signal.aborted) return;
          await rule.evaluate(scheduledAt, signal);
        }
        figures.evaluationTimeMs = options.clock.monotonic() - startedAt;
        figures.lastEvaluation = scheduledAt;
      },
    });
    return { config, rules, figures, dispose };
  }

  const groups = (): RuleGroupStatus[] =>
    running.map(({ config, rules, figures }) => ({
      name: config.name,
      file: config.file,
      intervalMs: config.intervalMs,
      limit: config.limit,
      rules: rules.map((rule) => rule.status()),
      ...figures,
    }));

  return {
    groups,
    alerts: () =>
      groups().flatMap(({ rules }) => rules.flatMap((rule) => (rule.kind === 'alerting' ? rule.alerts : []))),
    update(configs) {
      const known = new Map(running.flatMap(({ rules }) => rules).map((rule) => [rule.id, rule]));
      for (const { dispose } of running) dispose();
      running = configs.map((config) => startGroup(config, createRules(config, known)));
      for (const rule of known.values()) rule.remove();
    },
    gap(fromMs, toMs) {
      if (toMs <= fromMs) return;
      for (const { rules } of running) for (const rule of rules) rule.shift(toMs - fromMs);
    },
    stop() {
      for (const { dispose } of running) dispose();
      running = [];
    },
  };
}

/** A rule is known by its file, group, name and labels, and by its place among those that share them. */
function identify(config: RuleGroupConfig): { id: string; rule: RuleConfig }[] {
  const counts = new Map<string, number>();
  return config.rules.map((rule) => {
    const name = rule.kind === 'alerting' ? rule.alert : rule.record;
    const labels = Object.entries({ ...config.labels, ...rule.labels }).sort(([a], [b]) => (a < b ? -1 : 1));
    const base = [config.file, config.name, name, ...labels.map(([label, value]) => `${label}=${value}`)].join(';');
    const count = (counts.get(base) ?? 0) + 1;
    counts.set(base, count);
    return { id: count === 1 ? base : `${base};${String(count)}`, rule };
  });
}
