import { labelsFrom, labelsKey, labelValue, onlyLabels, withoutLabels } from '../../../../../shared/model/labels.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import { isArithmetic, isComparison } from '../syntax/expr.ts';
import type { Binary, Matching } from '../syntax/expr.ts';
import { quoteGo } from '../syntax/go-text.ts';
import { mergeColumns, newColumn, unnamed, withoutName } from './column.ts';
import type { Column } from './column.ts';
import { ARITHMETIC, COMPARISON } from './operators.ts';
import { failExecution } from './run.ts';
import type { Frame, Run } from './run.ts';
import { signatureKey } from './signature.ts';

const NONE: Matching = { on: false, labels: [], group: 'none', include: [] };

/** Arithmetic or a comparison between the matching series of two instant vectors. Source: Prometheus, VectorBinop. */
export async function matchVectors(
  expr: Binary,
  left: readonly Column[],
  right: readonly Column[],
  frame: Frame,
  run: Run,
): Promise<Column[]> {
  const matching = expr.matching ?? NONE;
  // The "one" side has one series per signature at a step; with group_right it is the left one.
  const swapped = matching.group === 'right';
  const many = swapped ? right : left;
  const oneBySignature = indexOneSide(swapped ? left : right, many, matching, expr);
  const taken = new TakenSteps(matching, frame.count);
  const result: Column[] = [];
  for (const manyColumn of many) {
    const signature = signatureKey(manyColumn.labels, expr.matching);
    for (const oneColumn of oneBySignature.get(signature) ?? []) {
      const output = newColumn(
        resultLabels(manyColumn.labels, oneColumn.labels, expr, matching),
        frame.count,
        manyColumn.dropsName,
      );
      const [first, second] = swapped ? [oneColumn, manyColumn] : [manyColumn, oneColumn];
      if (matching.group === 'none') taken.take(signature, pairs(first, second));
      if (!compute(expr, first, second, output)) continue;
      const named = expr.returnBool ? unnamed(output, run) : output;
      if (matching.group !== 'none') taken.take(`${signature}\u0001${labelsKey(named.labels)}`, named.present);
      result.push(named);
    }
    await run.budget.breathe();
  }
  return mergeColumns(result);
}

function indexOneSide(
  columns: readonly Column[],
  many: readonly Column[],
  matching: Matching,
  expr: Binary,
): Map<string, Column[]> {
  const bySignature = new Map<string, Column[]>();
  for (const column of columns) {
    const key = signatureKey(column.labels, expr.matching);
    const known = bySignature.get(key);
    if (known === undefined) {
      bySignature.set(key, [column]);
      continue;
    }
    for (const other of known) refuseOverlap(other, column, many, matching);
    known.push(column);
  }
  return bySignature;
}

/** Two series with one signature are wrong at a step at which both have a point, and the other side has any. */
function refuseOverlap(first: Column, second: Column, many: readonly Column[], matching: Matching): void {
  for (let i = 0; i < first.present.length; i++) {
    if (first.present[i] === 0 || second.present[i] === 0) continue;
    if (!many.some(({ present }) => present[i] === 1)) continue;
    const side = matching.group === 'right' ? 'left' : 'right';
    const group = matching.on
      ? onlyLabels(first.labels, matching.labels)
      : withoutName(withoutLabels(first.labels, matching.labels));
    failExecution(
      `found duplicate series for the match group ${formatGroup(group)} on the ${side} hand-side of the operation: ` +
        `[${formatGroup(first.labels)}, ${formatGroup(second.labels)}];many-to-many matching not allowed: ` +
        'matching labels must be unique on one side',
    );
  }
}

/** Labels as Go prints them in messages: every label in the braces, the name too. */
function formatGroup(labels: Labels): string {
  const parts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) parts.push(`${labels[i] as string}=${quoteGo(labels[i + 1] as string)}`);
  return `{${parts.join(', ')}}`;
}

/** 1 at the steps at which both sides have a point. */
function pairs(left: Column, right: Column): Uint8Array {
  return left.present.map((present, i) => present & (right.present[i] as number));
}

function compute(expr: Binary, left: Column, right: Column, output: Column): boolean {
  const { operator, returnBool } = expr;
  const { values, present } = output;
  let found = false;
  if (isArithmetic(operator)) {
    const calculate = ARITHMETIC[operator];
    for (let i = 0; i < values.length; i++) {
      if (left.present[i] === 0 || right.present[i] === 0) continue;
      values[i] = calculate(left.values[i] as number, right.values[i] as number);
      present[i] = 1;
      found = true;
    }
    return found;
  }
  if (!isComparison(operator)) return failExecution(`set operator "${operator}" needs no matching series`);
  const holds = COMPARISON[operator];
  for (let i = 0; i < values.length; i++) {
    if (left.present[i] === 0 || right.present[i] === 0) continue;
    const isTrue = holds(left.values[i] as number, right.values[i] as number);
    if (!isTrue && !returnBool) continue;
    values[i] = returnBool ? Number(isTrue) : (left.values[i] as number);
    present[i] = 1;
    found = true;
  }
  return found;
}

/** Source: Prometheus, resultMetric. */
function resultLabels(many: Labels, one: Labels, { operator }: Binary, matching: Matching): Labels {
  let labels = isArithmetic(operator) ? withoutName(many) : many;
  if (matching.group === 'none') {
    labels = matching.on ? onlyLabels(labels, matching.labels) : withoutLabels(labels, matching.labels);
  }
  if (matching.include.length === 0) return labels;
  const pairs: [string, string][] = [];
  for (let i = 0; i < labels.length; i += 2) pairs.push([labels[i] as string, labels[i + 1] as string]);
  // A label that the "one" side lacks is removed: an empty value is no label.
  return labelsFrom([...pairs, ...matching.include.map((name): [string, string] => [name, labelValue(one, name)])]);
}

/** Which results there are already, to refuse a second one for the same place. */
class TakenSteps {
  readonly #isGrouped: boolean;
  readonly #count: number;
  readonly #taken = new Map<string, Uint8Array>();

  constructor(matching: Matching, count: number) {
    this.#isGrouped = matching.group !== 'none';
    this.#count = count;
  }

  /** Without grouping, pairs count even where a filter then drops them: which ones it drops may not hide the error. */
  take(key: string, present: Uint8Array): void {
    const taken = this.#taken.get(key);
    if (taken === undefined) {
      this.#taken.set(key, present.slice());
      return;
    }
    for (let i = 0; i < this.#count; i++) {
      if (present[i] === 0) continue;
      if (taken[i] === 1) {
        failExecution(
          this.#isGrouped
            ? 'multiple matches for labels: grouping labels must ensure unique matches'
            : 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        );
      }
      taken[i] = 1;
    }
  }
}
