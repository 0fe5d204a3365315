import type { NoiseReport } from '../../shared/contract/rules.ts';
import { wireSeverity } from './alert/alerts-view.ts';
import { noiseReport, type NoisyRule, type ReportedRule } from './alert/noise/index.ts';
import type { EngineParts } from './engine-parts.ts';
import type { AuditEntry } from './store/state/index.ts';

const WEEK_MS = 7 * 86_400_000;
const MOST_EPISODES = 20_000;
const MOST_DELIVERIES = 20_000;
const MOST_ACTIONS = 20_000;
/** What somebody does who has seen an alert. */
const CARING: ReadonlySet<string> = new Set(['acknowledge', 'snooze']);
/** Rules whose history is looked at for a better limit, and how long for each. */
const MOST_LIMITS = 8;
const LIMIT_TIMEOUT_MS = 3_000;

/** The report on noisy rules, from what fired, what was told, and the history of what the rules compare. */
export async function reportNoise(
  { metrics, state }: Pick<EngineParts, 'metrics' | 'state'>,
  range: { readonly fromMs: number | null; readonly toMs: number },
  signal: AbortSignal | undefined,
): Promise<NoiseReport> {
  const { toMs } = range;
  const fromMs = range.fromMs ?? toMs - WEEK_MS;
  const groups = await metrics().ruleGroups();
  const rules = groups.flatMap(({ file, rules: own }) =>
    own.flatMap((rule): ReportedRule[] => (rule.kind === 'alerting' ? [{ ...rule, file, expr: rule.query }] : [])),
  );
  const episodes = state.episodes.list({ fromMs, toMs, limit: MOST_EPISODES });
  const handled = handledAt(state.audit.list({ fromMs, toMs, limit: MOST_ACTIONS }));
  const report = noiseReport({
    fromMs,
    toMs,
    episodes,
    deliveries: state.deliveries.list(MOST_DELIVERIES).filter(({ at }) => at >= fromMs && at <= toMs),
    rules,
    wasAcknowledged: ({ fingerprint, firedAt, resolvedAt }) =>
      (handled.get(fingerprint) ?? []).some((at) => at >= firedAt && at <= (resolvedAt ?? toMs)),
  });
  const withLimits = await Promise.all(
    report.rules.map(async (one, index) => ({ ...one, limit: index < MOST_LIMITS ? await limitOf(one) : null })),
  );
  return {
    from: fromMs,
    to: toMs,
    fired: report.fired,
    rules: withLimits.map(wireRule),
    truncated: episodes.length === MOST_EPISODES,
  };

  async function limitOf({ rule, reasons }: NoisyRule) {
    if (!reasons.includes('short') && !reasons.includes('flaps')) return null;
    const { expr, forMs, keepFiringForMs } = rule;
    const question = { expr, forMs, keepFiringForMs, fromMs, toMs, timeoutMs: LIMIT_TIMEOUT_MS };
    return metrics().limitFromHistory(question, signal === undefined ? {} : { signal });
  }
}

/** When somebody cared for an alert, by its fingerprint. */
function handledAt(entries: readonly AuditEntry[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  for (const { at, action, alerts } of entries) {
    if (!CARING.has(action)) continue;
    for (const fingerprint of alerts) {
      const known = times.get(fingerprint);
      if (known === undefined) times.set(fingerprint, [at]);
      else known.push(at);
    }
  }
  return times;
}

function wireRule({
  rule,
  limit,
  ...facts
}: NoisyRule & {
  readonly limit: { readonly limit: number; readonly firings: number } | null;
}): NoiseReport['rules'][number] {
  const { fired, alerts, endedSoon, flaps, medianMs, messages, acknowledged, reasons, proposals } = facts;
  return {
    ruleId: rule.id,
    name: rule.name,
    severity: wireSeverity(rule.labels),
    file: rule.file,
    line: rule.line,
    expr: rule.expr,
    forMs: rule.forMs,
    keepFiringForMs: rule.keepFiringForMs,
    fired,
    alerts,
    endedSoon,
    flaps,
    medianMs,
    messages,
    acknowledged,
    reasons: [...reasons],
    proposals: [
      ...(limit === null ? [] : [{ kind: 'limit' as const, limit: limit.limit, left: limit.firings }]),
      ...proposals.map((one) => {
        switch (one.kind) {
          case 'group':
            return { ...one, by: [...one.by] };
          case 'silence':
            return { ...one, labels: { ...one.labels } };
          default:
            return one;
        }
      }),
    ],
  };
}
