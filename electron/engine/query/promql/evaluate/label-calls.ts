import type { RE2JS } from 're2js';

import { labelValue, METRIC_NAME, withLabels } from '../../../../../shared/model/labels.ts';
import type { Call, Expr } from '../syntax/expr.ts';
import { anchoredRegex } from '../syntax/anchored-regex.ts';
import { mergeColumns } from './column.ts';
import type { Column, Sink } from './column.ts';
import { allColumns, stringOf } from './evaluate.ts';
import { failExecution } from './run.ts';
import type { Frame, Run } from './run.ts';

/** `label_replace` and `label_join`. */
export async function labelCall(call: Call, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const held = run.budget.samples;
  const [vector, ...rest] = call.args as [Expr, ...Expr[]];
  const target = stringOf(rest[0] as Expr);
  if (target === '' || !target.isWellFormed()) {
    failExecution(`invalid destination label name in ${call.name}(): ${target}`);
  }
  const newValue = call.name === 'label_join' ? joiner(rest) : replacer(rest);
  const columns = (await allColumns(vector, frame, run)).map((column): Column => {
    const value = newValue(column);
    if (value === null) return column;
    const labels = withLabels(column.labels, { [target]: value });
    return { ...column, labels, dropsName: column.dropsName && target !== METRIC_NAME };
  });
  const merged = mergeColumns(columns);
  run.budget.samples = held;
  for (const column of merged) await sink(column);
}

type NewValue = (column: Column) => string | null;

function joiner(rest: readonly Expr[]): NewValue {
  const [, separator = '', ...sources] = rest.map(stringOf);
  const bad = sources.find((source) => source === '' || !source.isWellFormed());
  if (bad !== undefined) failExecution(`invalid source label name in label_join(): ${bad}`);
  return ({ labels }) => sources.map((source) => labelValue(labels, source)).join(separator);
}

function replacer(rest: readonly Expr[]): NewValue {
  const [, replacement = '', source = '', regexText = ''] = rest.map(stringOf);
  const regex = anchoredRegex(regexText);
  if (!regex.ok) return failExecution(`invalid regular expression in label_replace(): ${regexText}`);
  const { pattern } = regex;
  const known = new Map<string, string | null>();
  return ({ labels }) => {
    const value = labelValue(labels, source);
    let replaced = known.get(value);
    if (replaced === undefined) {
      replaced = expandTemplate(pattern, value, replacement);
      known.set(value, replaced);
    }
    return replaced;
  };
}

const REFERENCE = /\$(?:(\$)|\{(\w+)\}|(\w+))/g;

/** The template with its `$1`, `${1}` and `$name` filled in; `null` when the text does not match as a whole. */
function expandTemplate(pattern: RE2JS, text: string, template: string): string | null {
  const match = pattern.matcher(text);
  if (!match.matches()) return null;
  const names = pattern.namedGroups();
  return template.replace(REFERENCE, (_, dollar?: string, braced?: string, bare?: string) => {
    if (dollar !== undefined) return '$';
    const reference = braced ?? bare ?? '';
    const index = /^\d+$/.test(reference) ? Number(reference) : names[reference];
    if (index === undefined || index > pattern.groupCount()) return '';
    return match.group(index) ?? '';
  });
}
