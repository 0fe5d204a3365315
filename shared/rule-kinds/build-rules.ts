import { LOG_ENTRIES_METRIC } from '../model/log-entries-metric.ts';
import { burnRules } from './burn-rules.ts';
import { durationText, isSelector, operand, overWindow, quoted } from './promql-text.ts';
import type { RuleComparison, RuleDraft, RuleForm, RuleFrame } from './rule-form.ts';
import { seasonalExpression } from './seasonal-expression.ts';

/** What is missing in a form. The interface has a sentence for each. */
export type FormFault = 'name' | 'subject' | 'selector' | 'limit' | 'window' | 'objective' | 'seasons' | 'levels';

export type BuiltRules =
  | { readonly ok: true; readonly rules: readonly RuleDraft[] }
  | { readonly ok: false; readonly faults: readonly FormFault[] };

/** Rules in PromQL from a filled-in form; what is missing where it is not complete. */
export function buildRules(frame: RuleFrame, form: RuleForm): BuiltRules {
  const faults = faultsOf(frame, form);
  if (faults.length > 0) return { ok: false, faults };
  if (form.kind === 'burn') return { ok: true, rules: burnDrafts(frame, form) };
  const [summary, summaryZh] = describe(form);
  const rule: RuleDraft = {
    name: frame.name,
    expr: expressionOf(form),
    forMs: frame.forMs,
    keepFiringForMs: frame.keepFiringForMs,
    labels: { severity: frame.severity },
    annotations: frame.summary === '' ? { summary, summary_zh: summaryZh } : { summary: frame.summary },
  };
  return { ok: true, rules: [rule] };
}

function burnDrafts(frame: RuleFrame, form: RuleForm & { kind: 'burn' }): RuleDraft[] {
  return burnRules(form).map(({ expr, forMs, severity, window, factor }) => ({
    name: frame.name,
    expr,
    forMs,
    keepFiringForMs: frame.keepFiringForMs,
    labels: { severity, window },
    annotations:
      frame.summary === ''
        ? {
            summary: `{{ humanizePercentage $value }} of the requests failed over ${window}: the error budget goes ${String(factor)} times too fast${WHERE}`,
            summary_zh: `${window} 内 {{ humanizePercentage $value }} 的请求失败：错误预算的消耗速度是允许值的 ${String(factor)} 倍${WHERE_ZH}`,
          }
        : { summary: frame.summary },
  }));
}

function expressionOf(form: Exclude<RuleForm, { kind: 'burn' }>): string {
  switch (form.kind) {
    case 'threshold':
      return `${operand(form.subject)} ${form.comparison} ${String(form.limit)}`;
    case 'absence':
      return `absent_over_time(${form.selector.trim()}[${durationText(form.windowMs)}])`;
    case 'change':
      return `${changeOf(form)} ${form.comparison} ${String(form.limit)}`;
    case 'trend': {
      const seconds = String(form.aheadMs / 1000);
      const limit = String(form.limit);
      return `predict_linear(${overWindow(form.subject, form.windowMs)}, ${seconds}) ${form.comparison} ${limit}`;
    }
    case 'seasonal':
      return seasonalExpression(form);
    case 'logLevel': {
      const matchers = [
        ...(form.source === '' ? [] : [`source=${quoted(form.source)}`]),
        `level=~${quoted(form.levels.join('|'))}`,
      ];
      const selector = `${LOG_ENTRIES_METRIC}{${matchers.join(', ')}}`;
      return `sum by (source) (increase(${selector}[${durationText(form.windowMs)}])) > ${String(form.limit)}`;
    }
    case 'logPattern': {
      const selector = form.source === '' ? form.metric : `${form.metric}{source=${quoted(form.source)}}`;
      return `sum by (source) (increase(${selector}[${durationText(form.windowMs)}])) > ${String(form.limit)}`;
    }
    case 'expression':
      return form.expr.trim();
  }
}

function changeOf({ selector, measure, windowMs }: RuleForm & { kind: 'change' }): string {
  const series = selector.trim();
  const window = durationText(windowMs);
  switch (measure) {
    case 'perSecond':
      return `rate(${series}[${window}])`;
    case 'difference':
      return `delta(${series}[${window}])`;
    case 'percent':
      return `(${series} / (${series} offset ${window}) - 1) * 100`;
  }
}

const WHERE = '{{ with $labels.instance }} on {{ . }}{{ end }}';
const WHERE_ZH = '{{ with $labels.instance }}（{{ . }}）{{ end }}';
const WORDS: Readonly<Record<RuleComparison, readonly [en: string, zh: string]>> = {
  '>': ['above', '高于'],
  '>=': ['at least', '不低于'],
  '<': ['below', '低于'],
  '<=': ['at most', '不高于'],
  '==': ['equal to', '等于'],
  '!=': ['not', '不等于'],
};

/** What an alert of the kind says, in English and in Chinese. */
function describe(form: Exclude<RuleForm, { kind: 'burn' }>): readonly [en: string, zh: string] {
  switch (form.kind) {
    case 'threshold': {
      const [en, zh] = WORDS[form.comparison];
      const limit = String(form.limit);
      return [
        `The value is {{ humanize $value }}, ${en} ${limit}${WHERE}`,
        `当前值 {{ humanize $value }}，${zh} ${limit}${WHERE_ZH}`,
      ];
    }
    case 'absence': {
      const window = durationText(form.windowMs);
      return [`No data for ${window}`, `已有 ${window} 没有数据`];
    }
    case 'change': {
      const window = durationText(form.windowMs);
      const [unit, unitZh] = { perSecond: [' a second', ' 每秒'], difference: ['', ''], percent: [' %', ' %'] }[
        form.measure
      ] as [string, string];
      return [
        `Changed by {{ humanize $value }}${unit} over ${window}${WHERE}`,
        `${window} 内变化 {{ humanize $value }}${unitZh}${WHERE_ZH}`,
      ];
    }
    case 'trend': {
      const ahead = durationText(form.aheadMs);
      const [en, zh] = WORDS[form.comparison];
      const limit = String(form.limit);
      return [
        `In ${ahead} it will be ${en} ${limit}, if it goes on like this${WHERE}`,
        `按当前趋势，${ahead} 后将${zh} ${limit}${WHERE_ZH}`,
      ];
    }
    case 'seasonal': {
      const season = durationText(form.seasonMs);
      return [
        `Unlike the same time of the ${String(form.seasons)} times ${season} before: {{ humanize $value }} away${WHERE}`,
        `与之前 ${String(form.seasons)} 个 ${season} 的同一时间相差 {{ humanize $value }}${WHERE_ZH}`,
      ];
    }
    case 'logLevel':
    case 'logPattern': {
      const window = durationText(form.windowMs);
      return [
        `{{ printf "%.0f" $value }} lines in ${window} in {{ $labels.source }}`,
        `{{ $labels.source }} 在 ${window} 内有 {{ printf "%.0f" $value }} 行`,
      ];
    }
    case 'expression':
      return [`The value is {{ humanize $value }}${WHERE}`, `当前值 {{ humanize $value }}${WHERE_ZH}`];
  }
}

function faultsOf(frame: RuleFrame, form: RuleForm): FormFault[] {
  const faults: FormFault[] = [];
  const need = (isGiven: boolean, fault: FormFault): void => {
    if (!isGiven) faults.push(fault);
  };
  need(frame.name.trim() !== '', 'name');
  if ('subject' in form) need(form.subject.trim() !== '', 'subject');
  if (form.kind === 'expression') need(form.expr.trim() !== '', 'subject');
  if ('selector' in form) need(isSelector(form.selector), 'selector');
  if ('limit' in form) need(Number.isFinite(form.limit), 'limit');
  if ('windowMs' in form) need(form.windowMs >= 1000, 'window');
  if (form.kind === 'trend') need(form.aheadMs >= 1000, 'window');
  if (form.kind === 'seasonal') {
    need(form.seasons >= 2 && form.seasons <= 8 && form.deviations > 0, 'seasons');
    need(form.seasonMs >= form.windowMs, 'window');
  }
  if (form.kind === 'burn') {
    need(isSelector(form.part) && isSelector(form.total), 'selector');
    need(form.objective > 0 && form.objective < 1, 'objective');
    need(form.periodMs >= 86_400_000, 'window');
  }
  if (form.kind === 'logLevel') need(form.levels.length > 0, 'levels');
  if (form.kind === 'logPattern') need(/^[a-zA-Z_:][\w:]*$/.test(form.metric), 'selector');
  return faults;
}
