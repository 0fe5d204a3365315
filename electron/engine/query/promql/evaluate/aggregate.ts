import { METRIC_NAME, onlyLabels, withLabels, withoutLabels } from '../../../../../shared/model/labels.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import type { Aggregate, Expr } from '../syntax/expr.ts';
import { formatGoDecimal } from '../syntax/go-number.ts';
import { quoteGo } from '../syntax/go-text.ts';
import { mergeColumns, newColumn } from './column.ts';
import type { Column, Sink } from './column.ts';
import { eachColumn, scalars, stringOf } from './evaluate.ts';
import { createFold } from './fold.ts';
import type { Fold } from './fold.ts';
import { limitGroup, readRatios, sampleGroup } from './limit.ts';
import { noteQuantiles } from './note-quantiles.ts';
import { quantileOf } from './quantile.ts';
import { rankGroup, readLimits } from './rank.ts';
import { failExecution } from './run.ts';
import type { Frame, Run } from './run.ts';
import { groupKey } from './signature.ts';

/** An aggregation. Those that can are folded series by series; the others hold the series of each group. */
export async function aggregate(expr: Aggregate, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const held = run.budget.samples;
  const results =
    createFold(expr.operator, 0) === null ? await together(expr, frame, run) : await folded(expr, frame, run);
  run.budget.samples = held;
  for (const column of results) await sink(column);
}

interface FoldedGroup {
  readonly labels: Labels;
  readonly fold: Fold;
  dropsName: boolean;
}

async function folded({ operator, expr, grouping, without }: Aggregate, frame: Frame, run: Run): Promise<Column[]> {
  const groups = new Map<string, FoldedGroup>();
  await eachColumn(expr, frame, run, (column) => {
    const key = groupKey(column.labels, grouping, without);
    let group = groups.get(key);
    if (group === undefined) {
      const fold = createFold(operator, frame.count) as Fold;
      group = { labels: groupLabels(column.labels, grouping, without), fold, dropsName: false };
      groups.set(key, group);
      run.budget.samples += frame.count;
    }
    group.fold.add(column);
    if (column.dropsName) group.dropsName = true;
    return undefined;
  });
  return [...groups.values()].map(({ labels, fold, dropsName }) => {
    const values = fold.finish();
    return { labels, values, present: Uint8Array.from(fold.counts, (count) => (count > 0 ? 1 : 0)), dropsName };
  });
}

async function together(aggregation: Aggregate, frame: Frame, run: Run): Promise<Column[]> {
  const { expr, grouping, without } = aggregation;
  const finish = await groupFinisher(aggregation, frame, run);
  const groups = new Map<string, Column[]>();
  await eachColumn(expr, frame, run, (column) => {
    run.budget.samples += frame.count;
    const key = groupKey(column.labels, grouping, without);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [column]);
    else group.push(column);
    return undefined;
  });
  const results: Column[] = [];
  for (const columns of groups.values()) {
    results.push(...(await finish(columns)));
  }
  return aggregation.operator === 'count_values' ? mergeColumns(results) : results;
}

type Finish = (columns: readonly Column[]) => Promise<Column[]>;

async function groupFinisher(aggregation: Aggregate, frame: Frame, run: Run): Promise<Finish> {
  const { operator, grouping, without } = aggregation;
  const parameter = aggregation.parameter as Expr;
  const labelsOf = (columns: readonly Column[]): Labels => {
    return groupLabels((columns[0] as Column).labels, grouping, without);
  };
  switch (operator) {
    case 'quantile': {
      const quantiles = await scalars(parameter, frame, run);
      noteQuantiles(quantiles, parameter, run);
      return async (columns) => [await quantileColumn(columns, labelsOf(columns), quantiles, run)];
    }
    case 'count_values': {
      const label = stringOf(parameter);
      if (label === '' || !label.isWellFormed()) failExecution(`invalid label name ${quoteGo(label)}`);
      return (columns) => countValues(columns, labelsOf(columns), label, frame.count, run);
    }
    case 'topk':
    case 'bottomk': {
      const limits = readLimits(await scalars(parameter, frame, run));
      return (columns) => rankGroup(columns, limits, operator === 'topk' ? 1 : -1, run);
    }
    case 'limitk': {
      const limits = readLimits(await scalars(parameter, frame, run));
      return (columns) => limitGroup(columns, limits, run);
    }
    case 'limit_ratio': {
      const ratios = readRatios(await scalars(parameter, frame, run), parameter, run);
      return (columns) => sampleGroup(columns, ratios, run);
    }
    default:
      return failExecution(`aggregator ${operator} is not available`);
  }
}

function groupLabels(labels: Labels, grouping: readonly string[], without: boolean): Labels {
  if (!without) return grouping.length === 0 ? [] : onlyLabels(labels, grouping);
  return withoutLabels(labels, [...grouping, METRIC_NAME]);
}

async function quantileColumn(
  columns: readonly Column[],
  labels: Labels,
  quantiles: Float64Array,
  run: Run,
): Promise<Column> {
  const dropsName = columns.some((column) => column.dropsName);
  const result = newColumn(labels, quantiles.length, dropsName);
  const scratch = new Float64Array(columns.length);
  for (let i = 0; i < quantiles.length; i++) {
    let count = 0;
    for (const { values, present } of columns) if (present[i] === 1) scratch[count++] = values[i] as number;
    if (count === 0) continue;
    result.values[i] = quantileOf(quantiles[i] as number, scratch.subarray(0, count));
    result.present[i] = 1;
    await run.budget.breathe();
  }
  return result;
}

async function countValues(
  columns: readonly Column[],
  labels: Labels,
  label: string,
  steps: number,
  run: Run,
): Promise<Column[]> {
  const byValue = new Map<string, Column>();
  for (const { values, present, dropsName } of columns) {
    for (let i = 0; i < steps; i++) {
      if (present[i] === 0) continue;
      const text = formatGoDecimal(values[i] as number);
      let counted = byValue.get(text);
      if (counted === undefined) {
        counted = newColumn(withLabels(labels, { [label]: text }), steps, dropsName);
        run.budget.samples += steps;
        byValue.set(text, counted);
      }
      counted.values[i] = (counted.values[i] as number) + 1;
      counted.present[i] = 1;
    }
    await run.budget.breathe();
  }
  return [...byValue.values()];
}
