import { durationMs } from '../../../../shared/rule-kinds/promql-text.ts';
import type { RuleComparison, RuleForm, RuleFrame, RuleKind } from '../../../../shared/rule-kinds/rule-form.ts';
import type { MessageKey } from '../../../i18n/en.ts';

/** How one field of a form is filled in. */
export interface FormField {
  readonly id: string;
  readonly label: MessageKey;
  readonly type: 'expression' | 'text' | 'number' | 'duration' | 'choice';
  readonly initial: string;
  readonly options?: readonly { readonly value: string; readonly label: MessageKey | null }[];
}

const comparisonField: FormField = {
  id: 'comparison',
  label: 'rules.comparison',
  type: 'choice',
  initial: '>',
  options: ['>', '>=', '<', '<=', '==', '!='].map((value) => ({ value, label: null })),
};
const subject: FormField = { id: 'subject', label: 'rules.subject', type: 'expression', initial: '' };
const selector: FormField = { id: 'selector', label: 'rules.selector', type: 'expression', initial: '' };
const limit: FormField = { id: 'limit', label: 'rules.limit', type: 'number', initial: '' };
const source: FormField = { id: 'source', label: 'rules.source', type: 'text', initial: '' };
const window = (initial: string): FormField => ({ id: 'window', label: 'rules.window', type: 'duration', initial });

/** What is asked for each kind of rule, in the order of the form. */
export const FORM_FIELDS: Readonly<Record<RuleKind, readonly FormField[]>> = {
  threshold: [subject, comparisonField, limit],
  absence: [selector, window('10m')],
  change: [
    selector,
    {
      id: 'measure',
      label: 'rules.measure',
      type: 'choice',
      initial: 'perSecond',
      options: [
        { value: 'perSecond', label: 'rules.measure.perSecond' },
        { value: 'difference', label: 'rules.measure.difference' },
        { value: 'percent', label: 'rules.measure.percent' },
      ],
    },
    window('5m'),
    comparisonField,
    limit,
  ],
  trend: [
    subject,
    window('6h'),
    { id: 'ahead', label: 'rules.ahead', type: 'duration', initial: '4h' },
    { ...comparisonField, initial: '<' },
    { ...limit, initial: '0' },
  ],
  seasonal: [
    subject,
    {
      id: 'season',
      label: 'rules.season',
      type: 'choice',
      initial: '1d',
      options: [
        { value: '1d', label: 'rules.season.day' },
        { value: '1w', label: 'rules.season.week' },
      ],
    },
    { id: 'seasons', label: 'rules.seasons', type: 'number', initial: '3' },
    window('30m'),
    { id: 'deviations', label: 'rules.deviations', type: 'number', initial: '3' },
    { id: 'margin', label: 'rules.margin', type: 'number', initial: '10' },
    {
      id: 'direction',
      label: 'rules.direction',
      type: 'choice',
      initial: 'both',
      options: [
        { value: 'both', label: 'rules.direction.both' },
        { value: 'above', label: 'rules.direction.above' },
        { value: 'below', label: 'rules.direction.below' },
      ],
    },
  ],
  burn: [
    {
      id: 'partIs',
      label: 'rules.partIs',
      type: 'choice',
      initial: 'bad',
      options: [
        { value: 'bad', label: 'rules.partIs.bad' },
        { value: 'good', label: 'rules.partIs.good' },
      ],
    },
    { id: 'part', label: 'rules.part', type: 'expression', initial: '' },
    { id: 'total', label: 'rules.total', type: 'expression', initial: '' },
    { id: 'objective', label: 'rules.objective', type: 'number', initial: '99.9' },
    { id: 'period', label: 'rules.period', type: 'duration', initial: '30d' },
    { id: 'by', label: 'rules.by', type: 'text', initial: 'job' },
  ],
  logLevel: [
    source,
    {
      id: 'levels',
      label: 'rules.levels',
      type: 'choice',
      initial: 'error,fatal',
      options: [
        { value: 'error,fatal', label: 'rules.levels.errors' },
        { value: 'warn,error,fatal', label: 'rules.levels.warnings' },
        { value: 'fatal', label: 'rules.levels.fatal' },
      ],
    },
    window('5m'),
    { ...limit, initial: '10' },
  ],
  logPattern: [
    { id: 'metric', label: 'rules.logMetric', type: 'text', initial: '' },
    source,
    window('5m'),
    { ...limit, initial: '0' },
  ],
  expression: [{ id: 'expr', label: 'rules.expression', type: 'expression', initial: '' }],
};

export const RULE_KINDS = Object.keys(FORM_FIELDS) as readonly RuleKind[];

/** Texts of a form by field; a field that nobody touched has its initial text. */
export type FormTexts = Readonly<Record<string, string>>;

export function textOf(kind: RuleKind, texts: FormTexts, id: string): string {
  return texts[`${kind}.${id}`] ?? FORM_FIELDS[kind].find((field) => field.id === id)?.initial ?? '';
}

/** The form of a kind from what was typed; what cannot be read becomes NaN, which the rule's own check refuses. */
export function readForm(kind: RuleKind, texts: FormTexts): RuleForm {
  const text = (id: string): string => textOf(kind, texts, id).trim();
  const number = (id: string): number => (text(id) === '' ? NaN : Number(text(id)));
  const time = (id: string): number => durationMs(text(id)) ?? NaN;
  // Lists offer these values and no others.
  const comparison = (): RuleComparison => text('comparison') as RuleComparison;
  switch (kind) {
    case 'threshold':
      return { kind, subject: text('subject'), comparison: comparison(), limit: number('limit') };
    case 'absence':
      return { kind, selector: text('selector'), windowMs: time('window') };
    case 'change':
      return {
        kind,
        selector: text('selector'),
        measure: text('measure') as 'perSecond' | 'difference' | 'percent',
        windowMs: time('window'),
        comparison: comparison(),
        limit: number('limit'),
      };
    case 'trend':
      return {
        kind,
        subject: text('subject'),
        windowMs: time('window'),
        aheadMs: time('ahead'),
        comparison: comparison(),
        limit: number('limit'),
      };
    case 'seasonal':
      return {
        kind,
        subject: text('subject'),
        seasonMs: time('season'),
        seasons: number('seasons'),
        windowMs: time('window'),
        deviations: number('deviations'),
        marginPercent: text('margin') === '' ? 0 : number('margin'),
        direction: text('direction') as 'above' | 'below' | 'both',
      };
    case 'burn':
      return {
        kind,
        part: text('part'),
        partIs: text('partIs') as 'good' | 'bad',
        total: text('total'),
        objective: number('objective') / 100,
        periodMs: time('period'),
        by: text('by')
          .split(/[\s,]+/)
          .filter((label) => label !== ''),
      };
    case 'logLevel':
      return {
        kind,
        source: text('source'),
        levels: text('levels').split(','),
        windowMs: time('window'),
        limit: number('limit'),
      };
    case 'logPattern':
      return {
        kind,
        metric: text('metric'),
        source: text('source'),
        windowMs: time('window'),
        limit: number('limit'),
      };
    case 'expression':
      return { kind, expr: text('expr') };
  }
}

/** What every kind has, as it is typed. */
export interface FrameTexts {
  readonly name: string;
  readonly for: string;
  readonly keepFiringFor: string;
  readonly severity: RuleFrame['severity'];
  readonly summary: string;
}

export function readFrame(texts: FrameTexts): RuleFrame {
  return {
    name: texts.name.trim(),
    forMs: durationMs(texts.for) ?? 0,
    keepFiringForMs: durationMs(texts.keepFiringFor) ?? 0,
    severity: texts.severity,
    summary: texts.summary.trim(),
  };
}
