import { labelsKey, METRIC_NAME } from '../../../../../shared/model/labels.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import { failExecution } from './run.ts';
import type { Run } from './run.ts';

/** One series of an instant vector at every step of a frame. The receiver owns it and may change it in place. */
export interface Column {
  readonly labels: Labels;
  readonly values: Float64Array;
  /** 1 where the series has a point at a step, 0 where it has none and `values` means nothing. */
  readonly present: Uint8Array;
  /** The name goes at the end of the query. Only set where name removal is delayed. */
  readonly dropsName: boolean;
}

/** Takes columns one by one. A promise asks the producer to wait. */
export type Sink = (column: Column) => Promise<void> | undefined;

export function newColumn(labels: Labels, count: number, dropsName = false): Column {
  return { labels, values: new Float64Array(count), present: new Uint8Array(count), dropsName };
}

export function countPresent(present: Uint8Array): number {
  let count = 0;
  for (const one of present) count += one;
  return count;
}

const NAME_LABELS: ReadonlySet<string> = new Set([METRIC_NAME, '__type__', '__unit__']);

/** Labels without the name and what belongs to it, the type and the unit. */
export function withoutName(labels: Labels): Labels {
  let kept: string[] | null = null;
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i] as string;
    if (NAME_LABELS.has(name)) kept ??= labels.slice(0, i);
    else kept?.push(name, labels[i + 1] as string);
  }
  return kept ?? labels;
}

/** A column whose values changed their meaning, so that the name goes, at once or at the end of the query. */
export function unnamed(column: Column, run: Run): Column {
  if (run.delaysNameRemoval) return column.dropsName ? column : { ...column, dropsName: true };
  const labels = withoutName(column.labels);
  return labels === column.labels ? column : { ...column, labels };
}

/**
 * Make one series of columns with equal labels where they never have a point at the same step; where they do, the query
 * has two answers for one series, which is an error.
 */
export function mergeColumns(columns: readonly Column[]): Column[] {
  const byLabels = new Map<string, Column>();
  for (const column of columns) {
    const key = labelsKey(column.labels);
    const first = byLabels.get(key);
    if (first === undefined) byLabels.set(key, column);
    else byLabels.set(key, mergeInto(first, column));
  }
  return [...byLabels.values()];
}

function mergeInto(target: Column, other: Column): Column {
  for (let i = 0; i < other.present.length; i++) {
    if (other.present[i] === 0) continue;
    if (target.present[i] === 1) failExecution('vector cannot contain metrics with the same labelset');
    target.present[i] = 1;
    target.values[i] = other.values[i] as number;
  }
  return other.dropsName && !target.dropsName ? { ...target, dropsName: true } : target;
}
