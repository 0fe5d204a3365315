import { isArithmetic, isComparison, isSetOperator } from '../syntax/expr.ts';
import type { Binary, BinaryOperator } from '../syntax/expr.ts';
import { typeOf } from '../syntax/check-expr.ts';
import { unnamed } from './column.ts';
import type { Column, Sink } from './column.ts';
import { allColumns, eachColumn, eachRenamed, scalars } from './evaluate.ts';
import { fillMissing } from './fill-missing.ts';
import { matchVectors } from './match-vectors.ts';
import { ARITHMETIC, COMPARISON } from './operators.ts';
import { failExecution } from './run.ts';
import type { Frame, Run } from './run.ts';
import { combineSets } from './set-operators.ts';

/** A binary operation of which at least one side is an instant vector. */
export async function binaryColumns(expr: Binary, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const { operator, left, right } = expr;
  if (typeOf(left) === 'scalar') return withScalar(expr, frame, run, sink, 'left');
  if (typeOf(right) === 'scalar') return withScalar(expr, frame, run, sink, 'right');
  const held = run.budget.samples;
  const leftGiven = await allColumns(left, frame, run);
  const rightGiven = await allColumns(right, frame, run);
  const { left: leftColumns, right: rightColumns } =
    expr.fill === null
      ? { left: leftGiven, right: rightGiven }
      : fillMissing(leftGiven, rightGiven, expr.fill, expr.matching);
  const result = isSetOperator(operator)
    ? await combineSets(operator, expr.matching, leftColumns, rightColumns, run)
    : await matchVectors(expr, leftColumns, rightColumns, frame, run);
  run.budget.samples = held;
  for (const column of result) await sink(column);
}

/** A binary operation on two scalars; comparisons give 1 or 0. */
export async function binaryScalars({ operator, left, right }: Binary, frame: Frame, run: Run): Promise<Float64Array> {
  const leftValues = await scalars(left, frame, run);
  const rightValues = await scalars(right, frame, run);
  const compute = numeric(operator);
  for (let i = 0; i < frame.count; i++) leftValues[i] = compute(leftValues[i] as number, rightValues[i] as number);
  return leftValues;
}

/** The operation as a number: what it gives, 1 or 0 for a comparison. */
function numeric(operator: BinaryOperator): (left: number, right: number) => number {
  if (isArithmetic(operator)) return ARITHMETIC[operator];
  if (!isComparison(operator)) return failExecution(`set operator "${operator}" between scalars`);
  const holds = COMPARISON[operator];
  return (left, right) => (holds(left, right) ? 1 : 0);
}

async function withScalar(
  { operator, left, right, returnBool }: Binary,
  frame: Frame,
  run: Run,
  sink: Sink,
  scalarSide: 'left' | 'right',
): Promise<void> {
  const scalarFirst = scalarSide === 'left';
  const scalar = await scalars(scalarFirst ? left : right, frame, run);
  const vector = scalarFirst ? right : left;
  if (isComparison(operator) && !returnBool) {
    const holds = COMPARISON[operator];
    await eachColumn(vector, frame, run, (column) =>
      keepWhere(column, (value, i) =>
        scalarFirst ? holds(scalar[i] as number, value) : holds(value, scalar[i] as number),
      )
        ? sink(column)
        : undefined,
    );
    return;
  }
  const compute = numeric(operator);
  await eachRenamed(vector, frame, run, sink, (column) => {
    const { values } = column;
    if (scalarFirst)
      for (let i = 0; i < frame.count; i++) values[i] = compute(scalar[i] as number, values[i] as number);
    else for (let i = 0; i < frame.count; i++) values[i] = compute(values[i] as number, scalar[i] as number);
    return unnamed(column, run);
  });
}

/** Take away the points that do not satisfy a condition; false when none is left. */
function keepWhere({ values, present }: Column, holds: (value: number, step: number) => boolean): boolean {
  let found = false;
  for (let i = 0; i < values.length; i++) {
    if (present[i] === 0) continue;
    if (holds(values[i] as number, i)) found = true;
    else present[i] = 0;
  }
  return found;
}
