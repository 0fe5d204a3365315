import { describe, expect, it } from 'vitest';
import { languageChecks } from '../../electron/engine/language-checks.ts';
import { buildRules } from '../../shared/rule-kinds/build-rules.ts';
import { durationMs, durationText, operand, overWindow } from '../../shared/rule-kinds/promql-text.ts';
import type { RuleForm, RuleFrame } from '../../shared/rule-kinds/rule-form.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FRAME: RuleFrame = { name: 'Own', forMs: 5 * MINUTE, keepFiringForMs: 0, severity: 'warning', summary: '' };

const FORMS: readonly RuleForm[] = [
  { kind: 'threshold', subject: 'a + b', comparison: '>', limit: 5 },
  { kind: 'absence', selector: 'up{job="api"}', windowMs: 10 * MINUTE },
  { kind: 'change', selector: 'x', measure: 'perSecond', windowMs: 5 * MINUTE, comparison: '>', limit: 3 },
  { kind: 'change', selector: 'x', measure: 'difference', windowMs: HOUR, comparison: '<', limit: -3 },
  { kind: 'change', selector: 'x{a="b"}', measure: 'percent', windowMs: HOUR, comparison: '>', limit: 50 },
  { kind: 'trend', subject: 'free', windowMs: 6 * HOUR, aheadMs: 4 * HOUR, comparison: '<', limit: 0 },
  {
    kind: 'seasonal',
    subject: 'sum by (job) (rate(r[5m]))',
    seasonMs: DAY,
    seasons: 2,
    windowMs: HOUR,
    deviations: 3,
    marginPercent: 10,
    direction: 'both',
  },
  { kind: 'burn', part: 'good', partIs: 'good', total: 'all', objective: 0.999, periodMs: 30 * DAY, by: ['job'] },
  { kind: 'logLevel', source: 'app', levels: ['error', 'fatal'], windowMs: 5 * MINUTE, limit: 10 },
  { kind: 'logPattern', metric: 'payment_failures_total', source: '', windowMs: 5 * MINUTE, limit: 0 },
  { kind: 'expression', expr: 'up == 0' },
];

function expressions(form: RuleForm): string[] {
  const built = buildRules(FRAME, form);
  if (!built.ok) throw new Error(built.faults.join());
  return built.rules.map(({ expr }) => expr.replace(/\s+/g, ' '));
}

describe('a form becomes a rule', () => {
  it.each(FORMS.map((form) => [form.kind, form] as const))('%s: PromQL and templates that are right', (_, form) => {
    const built = buildRules(FRAME, form);
    if (!built.ok) throw new Error(built.faults.join());
    for (const { expr, annotations, labels } of built.rules) {
      expect(languageChecks.checkExpression?.(expr, []), expr).toBeNull();
      expect(Object.keys(annotations)).toEqual(['summary', 'summary_zh']);
      for (const text of Object.values(annotations)) expect(languageChecks.checkTemplate?.(text), text).toBeNull();
      expect(labels['severity']).toMatch(/^(?:critical|warning)$/);
    }
  });

  it('as a person would write it', () => {
    const [threshold, absence, rate, delta, percent, trend] = FORMS.flatMap(expressions);
    expect({ threshold, absence, rate, delta, percent, trend }).toEqual({
      threshold: '(a + b) > 5',
      absence: 'absent_over_time(up{job="api"}[10m])',
      rate: 'rate(x[5m]) > 3',
      delta: 'delta(x[1h]) < -3',
      percent: '(x{a="b"} / (x{a="b"} offset 1h) - 1) * 100 > 50',
      trend: 'predict_linear(free[6h], 14400) < 0',
    });
  });

  it('of an objective: three pairs of windows at the rates of the workbook', () => {
    const [fast = '', middle = '', slow = ''] = expressions(FORMS[7] as RuleForm);
    const good = (window: string): string =>
      `(1 - (sum by (job) (rate(good[${window}])) or 0 * sum by (job) (rate(all[${window}]))) / sum by (job) (rate(all[${window}])))`;
    expect(fast).toBe(`${good('1h')} > 14.4 * 0.001 and ${good('5m')} > 14.4 * 0.001`);
    expect(middle).toBe(`${good('6h')} > 6 * 0.001 and ${good('30m')} > 6 * 0.001`);
    expect(slow).toBe(`${good('3d')} > 1 * 0.001 and ${good('6h')} > 1 * 0.001`);
  });

  it('about logs: counters of the lines that were read', () => {
    expect(FORMS.slice(8, 10).flatMap(expressions)).toEqual([
      'sum by (source) (increase(vedette_log_entries_total{source="app", level=~"error|fatal"}[5m])) > 10',
      'sum by (source) (increase(payment_failures_total[5m])) > 0',
    ]);
  });

  it('or says what is missing', () => {
    const wrong: RuleForm = { kind: 'absence', selector: 'a + b', windowMs: NaN };
    expect(buildRules({ ...FRAME, name: ' ' }, wrong)).toEqual({ ok: false, faults: ['name', 'selector', 'window'] });
  });
});

describe('PromQL text', () => {
  it('is put in parentheses only where operators would bind otherwise', () => {
    expect(['x', 'x{a="("}', 'rate(x[5m])', 'sum by (job) (rate(x[5m]))'].map(operand)).toEqual([
      'x',
      'x{a="("}',
      'rate(x[5m])',
      'sum by (job) (rate(x[5m]))',
    ]);
    expect(['a or b', 'a / b', '-x', 'f(a) unless f(b)'].map(operand)).toEqual([
      '(a or b)',
      '(a / b)',
      '(-x)',
      '(f(a) unless f(b))',
    ]);
  });

  it('over a window is a range of a selector and a subquery of anything else', () => {
    expect(overWindow('x', HOUR, DAY)).toBe('x[1h] offset 1d');
    expect(overWindow('rate(x[5m])', HOUR)).toBe('(rate(x[5m]))[1h:1m]');
  });

  it('writes durations that it reads again', () => {
    for (const ms of [1, 90_000, HOUR + 1, 14 * DAY, 30 * DAY]) expect(durationMs(durationText(ms))).toBe(ms);
    expect([durationMs(''), durationMs('5'), durationMs('5m1h')]).toEqual([null, null, null]);
  });
});
