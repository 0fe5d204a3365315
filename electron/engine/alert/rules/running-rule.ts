import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { SampleSink } from '../../collect/sample-sink.ts';
import type { RuleConfig, RuleGroupConfig } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { SampleSource } from '../../store/metrics/sample-source.ts';
import { queryEscape } from '../template/builtin-functions.ts';
import { shiftWaiting, stepAlertingRule, type ActiveAlert, type AlertingState } from './alerting-state.ts';
import { compileRuleTemplates, observeAlerts, type RuleTemplates } from './observe-alerts.ts';
import { recordRule } from './record-rule.ts';
import { readRemembered, restoreActiveAt, type RememberedAlert } from './restore-state.ts';
import { queryRule, templateQuery, type RuleQuery, type RuleSamples } from './rule-query.ts';
import { alertSeries, createRuleSeriesWriter } from './rule-series.ts';
import { activeAlerts, ruleState, type RuleHealth, type RuleStatus } from './rule-status.ts';
import { endedAlert, selectSendable, type SendContext, type SentAlert } from './select-sendable.ts';

/** What all rules of the program share. */
export interface RulePorts {
  readonly query: RuleQuery;
  readonly sink: SampleSink;
  /** Where ALERTS_FOR_STATE of the time before a restart is read. */
  readonly source: SampleSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly externalLabels: LabelRecord;
  /** Where this program is reached, for links in notifications; '' when it is not. */
  readonly externalUrl: string;
  readonly onAlerts: (alerts: readonly SentAlert[]) => void;
}

/** One rule with what it remembers between evaluations. */
export interface RunningRule {
  readonly id: string;
  evaluate(scheduledAt: number, signal: AbortSignal): Promise<void>;
  /** Nothing was measured for this long: waiting alerts wait that much longer. */
  shift(gapMs: number): void;
  /** The same rule from a new configuration; labels and templates may differ in their texts. */
  configure(group: RuleGroupConfig, rule: RuleConfig): void;
  /** The rule is taken out: its series end, and its firing alerts with it. */
  remove(): void;
  status(): RuleStatus;
}

/**
 * Alerts that come back so soon after a restart take up where they were. Prometheus gives them two evaluations; with a
 * short interval that is less than the two scrapes that a rate needs.
 */
const RESTORE_EVALUATIONS = 2;
const RESTORE_TIME_MS = 2 * 60_000;

export function createRunningRule(
  id: string,
  firstGroup: RuleGroupConfig,
  firstRule: RuleConfig,
  ports: RulePorts,
): RunningRule {
  let group = firstGroup;
  let rule = firstRule;
  let templates: RuleTemplates | null = null;
  let state: AlertingState = new Map();
  let remembered: Map<string, RememberedAlert> | null = null;
  let evaluations = 0;
  let firstEvaluationAt: number | null = null;
  let health: RuleHealth = 'unknown';
  let lastError = '';
  let lastEvaluation = 0;
  let evaluationTimeMs = 0;
  const series = createRuleSeriesWriter(ports.sink);

  const sendContext = (): SendContext => ({
    ruleId: id,
    intervalMs: group.intervalMs,
    externalLabels: ports.externalLabels,
    generatorUrl: `${ports.externalUrl}/graph?g0.expr=${queryEscape(rule.expr)}&g0.tab=1`,
  });

  /** A template fails for every series and at every evaluation; the same words are logged once. */
  let toldProblem = '';
  const tellProblem = (message: string): void => {
    if (message === toldProblem) return;
    toldProblem = message;
    ports.log('warn', `Rule "${nameOf(rule)}" of group "${group.name}": ${message}`, {
      file: group.file,
      line: rule.line,
    });
  };

  /** Alerts that were active before a restart take up where they were. */
  function restored(current: AlertingState, forMs: number, alertName: string, nowMs: number): AlertingState {
    firstEvaluationAt ??= nowMs;
    if (evaluations >= RESTORE_EVALUATIONS && nowMs - firstEvaluationAt > RESTORE_TIME_MS) return current;
    remembered ??= readRemembered(ports.source, alertName, nowMs - 1);
    const known = remembered;
    if (known.size === 0) return current;
    const restoredState = new Map<string, ActiveAlert>();
    for (const [key, alert] of current) {
      // New in this evaluation; without a `for` it fires already, and has its history all the same.
      const memory = alert.activeAt === nowMs ? known.get(key) : undefined;
      known.delete(key);
      const activeAt = memory === undefined ? alert.activeAt : restoreActiveAt(alert, memory, forMs, nowMs);
      const isFiring = alert.stage === 'pending' && nowMs - activeAt >= forMs;
      restoredState.set(
        key,
        isFiring ? { ...alert, activeAt, stage: 'firing', firedAt: nowMs } : { ...alert, activeAt },
      );
    }
    return restoredState;
  }

  async function evaluateAlerting(
    alerting: RuleConfig & { kind: 'alerting' },
    scheduledAt: number,
    signal: AbortSignal,
  ): Promise<RuleSamples | null> {
    const isCutOff = (): boolean => signal.aborted;
    const queryAt = scheduledAt - group.queryOffsetMs;
    const answer = await queryRule(ports.query, alerting.expr, queryAt, signal);
    if (isCutOff()) return null;
    if (!answer.ok) return answer;
    templates ??= compileRuleTemplates(alerting, group.labels);
    const observed = await observeAlerts(answer.samples, templates, {
      query: templateQuery(ports.query, scheduledAt, signal),
      nowMs: scheduledAt,
      externalUrl: ports.externalUrl,
      externalLabels: ports.externalLabels,
      onProblem: tellProblem,
    });
    if (isCutOff()) return null;
    const step = stepAlertingRule(state, observed, scheduledAt, { ...alerting, limit: group.limit });
    state = step.state;
    if (!step.ok) return { ok: false, message: step.problem };
    state = restored(state, alerting.forMs, alerting.alert, scheduledAt);
    evaluations++;
    const sendable = selectSendable(state, scheduledAt, sendContext());
    state = sendable.state;
    if (sendable.alerts.length > 0) ports.onAlerts(sendable.alerts);
    return { ok: true, samples: alertSeries(state) };
  }

  async function evaluateRecording(
    recording: RuleConfig & { kind: 'recording' },
    scheduledAt: number,
    signal: AbortSignal,
  ): Promise<RuleSamples | null> {
    const answer = await queryRule(ports.query, recording.expr, scheduledAt - group.queryOffsetMs, signal);
    if (signal.aborted) return null;
    return answer.ok ? recordRule(answer.samples, recording, group.labels, group.limit) : answer;
  }

  return {
    id,
    async evaluate(scheduledAt, signal) {
      const startedAt = ports.clock.monotonic();
      const written = await (rule.kind === 'alerting'
        ? evaluateAlerting(rule, scheduledAt, signal)
        : evaluateRecording(rule, scheduledAt, signal));
      // Aborted: the machine slept or the rule was taken out, which says nothing about it.
      if (written === null) return;
      lastEvaluation = scheduledAt;
      evaluationTimeMs = ports.clock.monotonic() - startedAt;
      health = written.ok ? 'ok' : 'err';
      if (written.ok) {
        lastError = '';
        series.write(written.samples, scheduledAt - group.queryOffsetMs);
      } else if (written.message !== lastError) {
        lastError = written.message;
        const message = `Rule "${nameOf(rule)}" of group "${group.name}" failed: ${written.message}`;
        ports.log('warn', message, { file: group.file, line: rule.line });
      }
    },
    shift(gapMs) {
      state = shiftWaiting(state, gapMs);
    },
    configure(nextGroup, nextRule) {
      group = nextGroup;
      rule = nextRule;
      templates = null;
    },
    remove() {
      const nowMs = ports.clock.now();
      series.end(nowMs - group.queryOffsetMs);
      const firing = [...state.values()].filter(({ stage }) => stage === 'firing');
      if (firing.length > 0) ports.onAlerts(firing.map((alert) => endedAlert(alert, nowMs, sendContext())));
      state = new Map();
    },
    status() {
      const common = {
        id,
        name: nameOf(rule),
        query: rule.expr,
        labels: { ...group.labels, ...rule.labels },
        health,
        lastError,
        evaluationTimeMs,
        lastEvaluation,
        line: rule.line,
      };
      if (rule.kind === 'recording') return { kind: 'recording', ...common };
      const alerts = activeAlerts(id, state);
      const { forMs, keepFiringForMs, annotations } = rule;
      return { kind: 'alerting', ...common, state: ruleState(alerts), forMs, keepFiringForMs, annotations, alerts };
    },
  };
}

function nameOf(rule: RuleConfig): string {
  return rule.kind === 'alerting' ? rule.alert : rule.record;
}
