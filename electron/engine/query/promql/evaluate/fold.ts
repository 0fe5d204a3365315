import type { Aggregator } from '../syntax/expr.ts';
import type { Column } from './column.ts';
import { kahanCarry } from './kahan.ts';

/** Takes in the series of a group one by one, for all steps at once, so that none of them needs to be kept. */
export interface Fold {
  add(column: Column): void;
  /** How many series had a point at each step. */
  readonly counts: Float64Array;
  /** The result at each step; without meaning where the count is 0. */
  finish(): Float64Array;
}

/** The fold of an aggregator over `steps` steps; `null` for one that must see all series together. */
export function createFold(operator: Aggregator, steps: number): Fold | null {
  const counts = new Float64Array(steps);
  switch (operator) {
    case 'sum':
      return sumFold(counts);
    case 'avg':
      return averageFold(counts);
    case 'min':
      return extremeFold(counts, (value, lowest) => value < lowest);
    case 'max':
      return extremeFold(counts, (value, highest) => value > highest);
    case 'count':
      return countFold(counts, () => counts.slice());
    case 'group':
      return countFold(counts, () => new Float64Array(steps).fill(1));
    case 'stddev':
      return varianceFold(counts, Math.sqrt);
    case 'stdvar':
      return varianceFold(counts, (variance) => variance);
    default:
      return null;
  }
}

function countFold(counts: Float64Array, finish: () => Float64Array): Fold {
  return {
    counts,
    add({ present }) {
      for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] as number) + (present[i] as number);
    },
    finish,
  };
}

function sumFold(counts: Float64Array): Fold {
  const sums = new Float64Array(counts.length);
  const carries = new Float64Array(counts.length);
  return {
    counts,
    add({ values, present }) {
      for (let i = 0; i < sums.length; i++) {
        if (present[i] === 0) continue;
        const [sum, value] = [sums[i] as number, values[i] as number];
        carries[i] = kahanCarry(sum, carries[i] as number, value);
        sums[i] = sum + value;
        counts[i] = (counts[i] as number) + 1;
      }
    },
    finish: () => sums.map((sum, i) => sum + (carries[i] as number)),
  };
}

function averageFold(counts: Float64Array): Fold {
  const sums = new Float64Array(counts.length);
  const carries = new Float64Array(counts.length);
  // Where a sum would overflow, the column goes on as a running mean.
  const isMean = new Uint8Array(counts.length);
  return {
    counts,
    add({ values, present }) {
      for (let i = 0; i < sums.length; i++) {
        if (present[i] === 0) continue;
        const count = (counts[i] as number) + 1;
        let [sum, carry, value] = [sums[i] as number, carries[i] as number, values[i] as number];
        counts[i] = count;
        const overflows = count > 1 && Math.abs(sum + value) === Infinity;
        if (isMean[i] === 0 && overflows) {
          isMean[i] = 1;
          sum /= count - 1;
          carry /= count - 1;
        }
        if (isMean[i] === 1) {
          const share = (count - 1) / count;
          sum *= share;
          carry *= share;
          value /= count;
        }
        carries[i] = kahanCarry(sum, carry, value);
        sums[i] = sum + value;
      }
    },
    finish: () =>
      sums.map((sum, i) => {
        const [carry, count] = [carries[i] as number, counts[i] as number];
        return isMean[i] === 1 ? sum + carry : sum / count + carry / count;
      }),
  };
}

function extremeFold(counts: Float64Array, isBetter: (value: number, best: number) => boolean): Fold {
  const best = new Float64Array(counts.length);
  return {
    counts,
    add({ values, present }) {
      for (let i = 0; i < best.length; i++) {
        if (present[i] === 0) continue;
        const [value, known] = [values[i] as number, best[i] as number];
        if (counts[i] === 0 || known !== known || isBetter(value, known)) best[i] = value;
        counts[i] = (counts[i] as number) + 1;
      }
    },
    finish: () => best.slice(),
  };
}

function varianceFold(counts: Float64Array, finishOne: (variance: number) => number): Fold {
  const means = new Float64Array(counts.length);
  const squares = new Float64Array(counts.length);
  return {
    counts,
    add({ values, present }) {
      for (let i = 0; i < means.length; i++) {
        if (present[i] === 0) continue;
        const [value, mean, count] = [values[i] as number, means[i] as number, (counts[i] as number) + 1];
        counts[i] = count;
        if (count === 1) {
          means[i] = value;
          squares[i] = Number.isFinite(value) ? 0 : NaN;
          continue;
        }
        const delta = value - mean;
        means[i] = mean + delta / count;
        squares[i] = (squares[i] as number) + delta * (value - (means[i] as number));
      }
    },
    finish: () => squares.map((square, i) => finishOne(square / (counts[i] as number))),
  };
}
