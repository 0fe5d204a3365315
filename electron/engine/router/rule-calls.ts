import type { NoiseReport, ReadyRules, TriedRule } from '../../../shared/contract/rules.ts';
import { READY_RULES, metricNames, readyDraft } from '../alert/ready-rules/index.ts';
import { addRules, loadRuleFile } from '../config/index.ts';
import type { EngineParts } from '../engine-parts.ts';
import { languageChecks } from '../language-checks.ts';
import { reportNoise } from '../report-noise.ts';
import { saveRules } from '../save-rules.ts';
import { contractOf, wireProblem } from './implementer.ts';
import { until } from './metric-calls.ts';

/** Alerts that one answer lists. */
const MOST_ALERTS = 200;
const GROUP = 'rules';

export function ruleCalls(parts: EngineParts) {
  const { rules } = contractOf;
  const { configuration, metrics, clock } = parts;
  return {
    tryOut: rules.tryOut.handler(async ({ input, signal, errors }): Promise<TriedRule> => {
      const { from, to, timeoutMs, name, expr, forMs, keepFiringForMs, labels } = input;
      const rule = { name, expr, forMs, keepFiringForMs, labels, fromMs: from, toMs: to };
      const tried = await metrics().tryRule({ rule, timeoutMs }, until(signal));
      if (!tried.ok) {
        const { kind, message, line, column } = tried.problem;
        if (kind === 'timeout' || kind === 'canceled') throw errors.TIMEOUT({ message });
        throw errors.BAD_EXPRESSION({ message, data: { line: line ?? null, column: column ?? null } });
      }
      const { fromMs, toMs, stepMs, isComplete, alerts, onlyPending, firings, firingMs } = tried;
      return {
        from: fromMs,
        to: toMs,
        stepMs,
        complete: isComplete,
        alerts: alerts
          .slice(0, MOST_ALERTS)
          .map((alert) => ({ labels: { ...alert.labels }, firings: alert.firings.map((one) => ({ ...one })) })),
        hidden: Math.max(0, alerts.length - MOST_ALERTS),
        onlyPending,
        firings,
        firingMs,
      };
    }),
    check: rules.check.handler(({ input }) => {
      const edited = addRules('', GROUP, input.rules);
      if (!edited.ok) return { problems: edited.problems.map(wireProblem), text: '' };
      const loaded = loadRuleFile(edited.text, '', {
        ...languageChecks,
        promqlFeatures: configuration.current().promqlFeatures,
      });
      return { problems: loaded.ok ? [] : loaded.problems.map(wireProblem), text: edited.text };
    }),
    add: rules.add.handler(async ({ input, errors }) => {
      const saved = await saveRules(input, configuration.current());
      if (!saved.ok) {
        switch (saved.reason) {
          case 'problems':
            throw errors.BAD_CONFIG({ data: { problems: saved.problems.map(wireProblem) } });
          case 'noFile':
            throw errors.UNAVAILABLE({ message: saved.message });
          case 'notFound':
            throw errors.NOT_FOUND({ message: saved.message });
          case 'conflict':
            throw errors.CONFLICT({ message: saved.message });
        }
      }
      const problems = await configuration.reload();
      if (problems.length > 0) throw errors.BAD_CONFIG({ data: { problems: problems.map(wireProblem) } });
      return { file: saved.file };
    }),
    ready: rules.ready.handler(async (): Promise<ReadyRules[]> => {
      const [names, groups] = await Promise.all([
        metrics().names({ search: '', limit: Number.MAX_SAFE_INTEGER }),
        metrics().ruleGroups(),
      ]);
      const stored = new Set(names.names.map(({ name }) => name));
      const used = new Set(groups.flatMap((group) => group.rules).map(({ name, query }) => `${name}\n${query}`));
      const sets = READY_RULES.map(({ exporter, title, signs, rules: ready }) => ({
        exporter,
        title,
        found: signs.some((sign) => stored.has(sign)),
        rules: ready.map((one) => ({
          ...wireDraft(one),
          severity: one.severity,
          isUsed: used.has(`${one.name}\n${one.expr}`),
          hasMetrics: metricNames(one.expr).every((name) => stored.has(name)),
        })),
      }));
      return sets.sort((a, b) => Number(b.found) - Number(a.found));
    }),
    noise: rules.noise.handler(({ input, signal }): Promise<NoiseReport> =>
      reportNoise(parts, { fromMs: input.from ?? null, toMs: input.to ?? clock.now() }, signal),
    ),
  };
}

function wireDraft(ready: Parameters<typeof readyDraft>[0]) {
  const { labels, annotations, ...draft } = readyDraft(ready);
  return { ...draft, labels: { ...labels }, annotations: { ...annotations } };
}
