import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TriedRule } from '../../../../shared/contract/rules.ts';
import { overWindow } from '../../../../shared/rule-kinds/promql-text.ts';
import type { RuleDraft, RuleForm } from '../../../../shared/rule-kinds/rule-form.ts';
import { useApp } from '../../../app/app-context.ts';
import { seriesName } from '../../../chart/palette.ts';
import { decodeAnswer, gapOf } from '../../../chart/range-answer.ts';
import type { ChartMark, ChartSeries, ChartState } from '../../../chart/series.ts';
import { TimeSeriesChart } from '../../../chart/TimeSeriesChart.tsx';
import { guessUnit } from '../../../format/guess-unit.ts';
import { useFormat } from '../../../format/use-format.ts';
import { useText } from '../../../i18n/use-text.ts';
import { readCondition } from '../condition.ts';
import tables from '../Tables.module.css';
import { FiringStrip } from './FiringStrip.tsx';
import styles from './Rules.module.css';

const POINTS = 800;
const LINES = 20;
/** More marks than these would hide the lines. */
const MARKS = 40;
const ROWS = 20;

/** When a rule would have fired: in words, on the chart of what it compares, and for each alert. */
export function TriedRuleView({ rule, tried, form }: { rule: RuleDraft; tried: TriedRule; form: RuleForm }) {
  const t = useText();
  const format = useFormat();
  const { client } = useApp();
  const drawn = useMemo(() => whatToDraw(rule, form), [rule, form]);
  const span = useMemo(() => ({ start: tried.from, end: tried.to }), [tried]);
  const answer = useQuery({
    queryKey: ['tried rule', drawn.expr, span.start, span.end],
    queryFn: async ({ signal }) => {
      const input = { expr: drawn.expr, ...span, maxPoints: POINTS, maxSeries: LINES };
      return decodeAnswer(await client.metrics.queryRange(input, { signal }), span);
    },
    structuralSharing: false,
    staleTime: Infinity,
  });
  const series = useMemo(
    () =>
      (answer.data?.series ?? []).map(({ key, labels, columns }, _, all): ChartSeries => ({
        key,
        labels,
        columns,
        name: seriesName(
          labels,
          all.map((one) => one.labels),
        ),
      })),
    [answer.data],
  );
  const marks = useMemo(
    (): readonly ChartMark[] =>
      tried.alerts
        .flatMap(({ firings }) => firings.map(({ firedAt }) => firedAt))
        .slice(0, MARKS)
        .map((at) => ({ at, text: t('rules.wouldFire'), tone: 'bad' as const })),
    [tried, t],
  );
  const state = useMemo((): ChartState => {
    if (answer.error !== null) return { kind: 'error', error: answer.error };
    if (answer.data === undefined) return { kind: 'loading' };
    return series.length === 0 ? { kind: 'empty', text: t('chart.emptyText') } : { kind: 'ready' };
  }, [answer.data, answer.error, series, t]);
  const days = (tried.to - tried.from) / 86_400_000;
  return (
    <section className={styles.tried} aria-label={t('rules.result')}>
      <p className={styles.verdict} role="status">
        {tried.firings === 0
          ? t('rules.never', { days: format.number(days) })
          : t('rules.often', {
              count: tried.firings,
              alerts: tried.alerts.length + tried.hidden,
              days: format.number(days),
              time: format.duration(tried.firingMs),
            })}{' '}
        {tried.onlyPending > 0 && t('rules.onlyPending', { count: tried.onlyPending })}{' '}
        {!tried.complete && t('rules.incomplete', { from: format.dateTime(tried.from) })}{' '}
        <span className="muted">{t('rules.step', { step: format.duration(tried.stepMs) })}</span>
      </p>
      <TimeSeriesChart
        title={drawn.expr}
        series={series}
        range={span}
        unit={guessUnit(drawn.expr)}
        height={180}
        state={state}
        gapMs={answer.data === undefined ? Infinity : gapOf(answer.data, POINTS)}
        marks={marks}
        legend={series.length > 1}
        {...(drawn.limit !== null && { limit: { value: drawn.limit, label: format.number(drawn.limit) } })}
      />
      {tried.alerts.length > 0 && (
        <div className={tables.box} tabIndex={0} role="region" aria-label={t('rules.resultTable')}>
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">{t('alerts.labels')}</th>
                <th scope="col">{t('rules.when')}</th>
                <th scope="col" className={tables.number}>
                  {t('rules.times')}
                </th>
                <th scope="col" className={tables.number}>
                  {t('rules.longest')}
                </th>
              </tr>
            </thead>
            <tbody>
              {tried.alerts.slice(0, ROWS).map(({ labels, firings }) => {
                const words = wordsOf(labels);
                const longest = Math.max(...firings.map((one) => (one.resolvedAt ?? tried.to) - one.firedAt));
                return (
                  <tr key={words}>
                    <td className={tables.wide}>{words}</td>
                    <td className={styles.stripCell}>
                      <FiringStrip firings={firings} span={span} label={words} />
                    </td>
                    <td className={tables.number}>{format.count(firings.length)}</td>
                    <td className={tables.number}>{format.duration(longest)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {tried.alerts.length + tried.hidden > ROWS && (
        <p className="muted">{t('rules.more', { count: tried.alerts.length + tried.hidden - ROWS })}</p>
      )}
    </section>
  );
}

/** What the rule compares, where that can be told; else its expression, which has points only while it holds. */
function whatToDraw({ expr }: RuleDraft, form: RuleForm): { readonly expr: string; readonly limit: number | null } {
  if (form.kind === 'seasonal')
    return { expr: `avg_over_time(${overWindow(form.subject, form.windowMs)})`, limit: null };
  if (form.kind === 'absence') return { expr: form.selector, limit: null };
  // Both windows of a budget are compared with the same limit; the long one is the steadier line.
  const condition = readCondition(form.kind === 'burn' ? (expr.split('\nand\n')[0] ?? expr) : expr);
  return condition === null ? { expr, limit: null } : { expr: condition.subject, limit: condition.limit };
}

function wordsOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .filter(([name]) => name !== 'alertname' && name !== 'severity')
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ');
}
