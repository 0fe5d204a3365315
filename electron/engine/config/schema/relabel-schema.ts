import { z } from 'zod';
import { convert, count, pattern, strict, text, texts } from './values.ts';

const ACTIONS = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;

const action = convert(
  (value) => ACTIONS.find((known) => known === value.toLowerCase()) ?? null,
  'is not a relabelling action',
  `Use one of: ${ACTIONS.join(', ')}.`,
);

/** One step of relabelling. Source: Prometheus manual, `<relabel_config>`. */
export const relabelConfig = strict({
  source_labels: texts.optional(),
  separator: text().optional(),
  target_label: text().optional(),
  regex: pattern.optional(),
  modulus: count.optional(),
  replacement: text().optional(),
  action: action.optional(),
}).superRefine((step, context) => {
  const complaint = contradiction(step);
  if (complaint !== null) context.addIssue({ code: 'custom', message: complaint, params: { remedy: REMEDY } });
});

const REMEDY = 'See <relabel_config> in the Prometheus manual.';

interface Step {
  readonly source_labels?: readonly string[] | undefined;
  readonly separator?: string | undefined;
  readonly target_label?: string | undefined;
  readonly regex?: string | undefined;
  readonly modulus?: number | undefined;
  readonly replacement?: string | undefined;
  readonly action?: (typeof ACTIONS)[number] | undefined;
}

/** What makes the keys of a step impossible together; null when nothing does. */
function contradiction(step: Step): string | null {
  const kind = step.action ?? 'replace';
  const needsTarget = ['replace', 'hashmod', 'lowercase', 'uppercase', 'keepequal', 'dropequal'];
  if (needsTarget.includes(kind) && (step.target_label ?? '') === '') return `The action ${kind} needs "target_label".`;
  if (kind === 'hashmod' && (step.modulus ?? 0) === 0) return 'The action hashmod needs "modulus".';
  if ((kind === 'lowercase' || kind === 'uppercase') && step.replacement !== undefined) {
    return `The action ${kind} takes no "replacement".`;
  }
  const forbidden: Readonly<Record<string, readonly (keyof Step)[]>> = {
    keepequal: ['regex', 'modulus', 'replacement', 'separator'],
    dropequal: ['regex', 'modulus', 'replacement', 'separator'],
    labeldrop: ['source_labels', 'target_label', 'modulus', 'separator', 'replacement'],
    labelkeep: ['source_labels', 'target_label', 'modulus', 'separator', 'replacement'],
  };
  const wrong = (forbidden[kind] ?? []).find((key) => step[key] !== undefined);
  return wrong === undefined ? null : `The action ${kind} takes no "${wrong}".`;
}

export const relabelConfigs = z.array(relabelConfig);
export type RawRelabelStep = z.output<typeof relabelConfig>;
