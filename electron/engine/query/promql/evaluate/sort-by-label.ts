import { compareLabels } from '../output/result.ts';
import { labelValue } from '../../../../../shared/model/labels.ts';
import type { Call, Expr } from '../syntax/expr.ts';
import type { Sink } from './column.ts';
import { allColumns, stringOf } from './evaluate.ts';
import { failExecution } from './run.ts';
import type { Frame, Run } from './run.ts';

/** `sort_by_label` and `sort_by_label_desc`. Order means something in an instant query only. */
export async function sortByLabel({ name, args }: Call, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const [vector, ...rest] = args as [Expr, ...Expr[]];
  const sign = name === 'sort_by_label' ? 1 : -1;
  const names = rest.map(stringOf);
  const bad = names.find((label) => label === '' || !label.isWellFormed());
  if (bad !== undefined) failExecution(`invalid label name in ${name}(): ${bad}`);
  const held = run.budget.samples;
  const columns = await allColumns(vector, frame, run);
  run.budget.samples = held;
  if (frame.count === 1) {
    columns.sort((a, b) => {
      for (const label of names) {
        const order = compareNaturally(labelValue(a.labels, label), labelValue(b.labels, label));
        if (order !== 0) return sign * order;
      }
      return sign * compareLabels(a.labels, b.labels);
    });
  }
  for (const column of columns) await sink(column);
}

const CHUNK = /\d+|\D+/g;
const DIGITS = /^\d+$/;

/** Order of texts in which runs of digits count as numbers: `web2` before `web10`. */
export function compareNaturally(left: string, right: string): number {
  const [leftChunks, rightChunks] = [left.match(CHUNK) ?? [], right.match(CHUNK) ?? []];
  for (const [i, chunk] of leftChunks.entries()) {
    const other = rightChunks[i];
    if (other === undefined) return 1;
    if (DIGITS.test(chunk) && DIGITS.test(other)) {
      const difference = Number(chunk) - Number(other);
      if (difference !== 0) return difference;
    } else if (chunk !== other) return chunk < other ? -1 : 1;
  }
  return leftChunks.length - rightChunks.length;
}
