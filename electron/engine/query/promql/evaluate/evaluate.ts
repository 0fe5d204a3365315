import { METRIC_NAME } from '../../../../../shared/model/labels.ts';
import { isArithmetic } from '../syntax/expr.ts';
import type { Expr } from '../syntax/expr.ts';
import { typeOf } from '../syntax/check-expr.ts';
import { aggregate } from './aggregate.ts';
import { binaryColumns, binaryScalars } from './binary.ts';
import { callColumns, callScalars } from './call.ts';
import { countPresent, mergeColumns, newColumn, unnamed } from './column.ts';
import type { Column, Sink } from './column.ts';
import { failExecution } from './run.ts';
import type { Frame, Run } from './run.ts';
import { SampleTally } from './sample-tally.ts';
import { eachSelected } from './select.ts';
import { isStepInvariant } from './step-invariant.ts';

/**
 * Evaluate an instant vector for every step of a frame at once, and give its series to `sink` one by one. Label sets are
 * unique. Nothing is kept of a series once `sink` is done, so an aggregation over many series needs little memory.
 */
export async function eachColumn(expr: Expr, frame: Frame, run: Run, sink: Sink): Promise<void> {
  if (frame.count > 1 && isStepInvariant(expr)) {
    const repeated: Sink = (column) => sink(repeat(column, frame.count));
    return oncePerFrame(run, (inside) => eachColumn(expr, { ...frame, count: 1 }, inside, repeated));
  }
  if (run.trace === null) return produce(expr, frame, run, sink);
  return run.trace.measure(
    expr,
    sink,
    ({ present }) => countPresent(present),
    (measured) => produce(expr, frame, run, measured),
  );
}

/** Evaluate once what is the same at every step; the samples that it looks at count at each. */
async function oncePerFrame<Result>(run: Run, work: (inside: Run) => Promise<Result>): Promise<Result> {
  if (run.tally === null) return work(run);
  const tally = new SampleTally(1);
  const result = await work({ ...run, tally });
  run.tally.addEverywhere(tally.total);
  return result;
}

async function produce(expr: Expr, frame: Frame, run: Run, sink: Sink): Promise<void> {
  switch (expr.kind) {
    case 'paren':
      return eachColumn(expr.expr, frame, run, sink);
    case 'selector':
      return eachSelected(expr, frame, run, sink);
    case 'unary': {
      if (expr.operator === '+') return eachColumn(expr.expr, frame, run, sink);
      return eachRenamed(expr.expr, frame, run, sink, (column) => {
        negate(column.values);
        return unnamed(column, run);
      });
    }
    case 'aggregate':
      return aggregate(expr, frame, run, sink);
    case 'binary':
      return binaryColumns(expr, frame, run, sink);
    case 'call':
      return callColumns(expr, frame, run, sink);
    default:
      return failExecution(`expected an instant vector, got ${expr.kind}`);
  }
}

/** All series of an instant vector. */
export async function allColumns(expr: Expr, frame: Frame, run: Run): Promise<Column[]> {
  const columns: Column[] = [];
  await eachColumn(expr, frame, run, (column) => {
    run.budget.samples += frame.count;
    columns.push(column);
    return undefined;
  });
  return columns;
}

/**
 * Pass the series of `expr` on after a change that may take their names away. Without names series may become equal, so
 * they wait for each other unless the expression can only give one name.
 */
export async function eachRenamed(
  expr: Expr,
  frame: Frame,
  run: Run,
  sink: Sink,
  change: (column: Column) => Column,
): Promise<void> {
  if (run.delaysNameRemoval || hasOneName(expr)) {
    await eachColumn(expr, frame, run, (column) => sink(change(column)));
    return;
  }
  const held = run.budget.samples;
  const columns = mergeColumns((await allColumns(expr, frame, run)).map(change));
  run.budget.samples = held;
  for (const column of columns) await sink(column);
}

/** Functions that give the names of their argument, or new ones. */
const KEEPS_NAME: ReadonlySet<string> = new Set([
  'first_over_time',
  'info',
  'last_over_time',
  'sort',
  'sort_by_label',
  'sort_by_label_desc',
  'sort_desc',
]);
const MAKES_NAME: ReadonlySet<string> = new Set(['label_join', 'label_replace']);

const KEEPS_LABELS: ReadonlySet<string> = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

/** Whether all series of an instant or range vector have the same name, or none. */
export function hasOneName(expr: Expr): boolean {
  switch (expr.kind) {
    case 'selector':
      return expr.name !== '';
    case 'matrix':
      return expr.selector.name !== '';
    case 'paren':
    case 'subquery':
    case 'unary':
      return hasOneName(expr.expr);
    case 'aggregate':
      if (KEEPS_LABELS.has(expr.operator)) return hasOneName(expr.expr);
      return expr.without || !expr.grouping.includes(METRIC_NAME);
    case 'binary':
      return isArithmetic(expr.operator) || expr.returnBool;
    case 'call':
      if (MAKES_NAME.has(expr.name)) return false;
      return !KEEPS_NAME.has(expr.name) || hasOneName(expr.args[0] as Expr);
    default:
      return false;
  }
}

/** Evaluate a scalar for every step of a frame. */
export async function scalars(expr: Expr, frame: Frame, run: Run): Promise<Float64Array> {
  return run.trace === null ? compute(expr, frame, run) : run.trace.time(expr, () => compute(expr, frame, run));
}

async function compute(expr: Expr, frame: Frame, run: Run): Promise<Float64Array> {
  if (frame.count > 1 && isStepInvariant(expr)) {
    const [value = NaN] = await oncePerFrame(run, (inside) => compute(expr, { ...frame, count: 1 }, inside));
    return new Float64Array(frame.count).fill(value);
  }
  switch (expr.kind) {
    case 'number':
      return new Float64Array(frame.count).fill(expr.value);
    case 'paren':
      return scalars(expr.expr, frame, run);
    case 'unary': {
      const values = await scalars(expr.expr, frame, run);
      if (expr.operator === '-') negate(values);
      return values;
    }
    case 'binary':
      return binaryScalars(expr, frame, run);
    case 'call':
      return callScalars(expr, frame, run);
    default:
      return failExecution(`expected a scalar, got ${typeOf(expr)}`);
  }
}

/** The value of a string expression. */
export function stringOf(expr: Expr): string {
  if (expr.kind === 'paren') return stringOf(expr.expr);
  return expr.kind === 'string' ? expr.value : failExecution(`expected a string, got ${typeOf(expr)}`);
}

function negate(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = -(values[i] as number);
}

function repeat(column: Column, count: number): Column {
  const repeated = newColumn(column.labels, count, column.dropsName);
  repeated.values.fill(column.values[0] as number);
  repeated.present.fill(column.present[0] as number);
  return repeated;
}
