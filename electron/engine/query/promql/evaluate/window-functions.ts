import { kahanCarry } from './kahan.ts';
import { quantileOf } from './quantile.ts';
import type { Track, WindowFunction } from './windows.ts';

/** A function over the samples of a window that takes nothing but the samples. */
export interface PlainWindowFunction {
  readonly minSamples: number;
  readonly keepsName?: boolean;
  /** Prepare for the windows of one series. */
  readonly over: (track: Track) => WindowFunction;
}

/** Functions over windows, by name. Each window holds at least `minSamples`. Source: Prometheus, promql/functions.go. */
export const WINDOW_FUNCTIONS: ReadonlyMap<string, PlainWindowFunction> = new Map<string, PlainWindowFunction>([
  ['avg_over_time', { minSamples: 1, over: average }],
  ['changes', { minSamples: 1, over: changes }],
  ['count_over_time', { minSamples: 1, over: count }],
  ['deriv', { minSamples: 2, over: derivative }],
  [
    'first_over_time',
    {
      minSamples: 1,
      keepsName: true,
      over:
        (track) =>
        ({ from }) =>
          track.values[from] as number,
    },
  ],
  [
    'last_over_time',
    {
      minSamples: 1,
      keepsName: true,
      over:
        (track) =>
        ({ to }) =>
          track.values[to - 1] as number,
    },
  ],
  ['mad_over_time', { minSamples: 1, over: medianDeviation }],
  ['max_over_time', { minSamples: 1, over: maximum }],
  ['min_over_time', { minSamples: 1, over: minimum }],
  ['present_over_time', { minSamples: 1, over: () => () => 1 }],
  ['resets', { minSamples: 1, over: resets }],
  ['stddev_over_time', { minSamples: 1, over: (track) => (window) => Math.sqrt(variance(track.values, window)) }],
  ['stdvar_over_time', { minSamples: 1, over: (track) => (window) => variance(track.values, window) }],
  ['sum_over_time', { minSamples: 1, over: sum }],
  ['ts_of_first_over_time', { minSamples: 1, over: (track) => (window) => secondsAt(track, window.from) }],
  ['ts_of_last_over_time', { minSamples: 1, over: (track) => (window) => secondsAt(track, window.to - 1) }],
  ['ts_of_max_over_time', { minSamples: 1, over: (track) => timeOf(track, (value, best) => value >= best) }],
  ['ts_of_min_over_time', { minSamples: 1, over: (track) => timeOf(track, (value, best) => value <= best) }],
]);

function count({ weights }: Track): WindowFunction {
  if (weights === undefined) return ({ from, to }) => to - from;
  // Shares of buckets are fractions, but a count is a whole number.
  return ({ from, to }) => Math.round(weighed(weights, null, from, to));
}

/** The sum of weights, or of values times their weights. */
function weighed(weights: Float64Array, values: Float64Array | null, from: number, to: number): number {
  let total = 0;
  let carry = 0;
  for (let i = from; i < to; i++) {
    const value = (weights[i] as number) * (values === null ? 1 : (values[i] as number));
    carry = kahanCarry(total, carry, value);
    total += value;
  }
  return Number.isFinite(total) ? total + carry : total;
}

function sum({ values, weights }: Track): WindowFunction {
  if (weights !== undefined) return ({ from, to }) => weighed(weights, values, from, to);
  return ({ from, to }) => {
    let total = 0;
    let carry = 0;
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      carry = kahanCarry(total, carry, value);
      total += value;
    }
    return Number.isFinite(total) ? total + carry : total;
  };
}

function average({ values, weights }: Track): WindowFunction {
  if (weights !== undefined) {
    return ({ from, to }) => weighed(weights, values, from, to) / weighed(weights, null, from, to);
  }
  return ({ from, to }) => {
    let total = values[from] as number;
    let carry = 0;
    for (let i = from + 1; i < to; i++) {
      const value = values[i] as number;
      const next = total + value;
      if (next === Infinity || next === -Infinity) return averageOfHuge(values, from, i, to, total, carry);
      carry = kahanCarry(total, carry, value);
      total = next;
    }
    const count = to - from;
    return total / count + carry / count;
  };
}

/** Go on with a running mean where the sum would overflow at sample `at`. */
function averageOfHuge(
  values: Float64Array,
  from: number,
  at: number,
  to: number,
  total: number,
  carried: number,
): number {
  let mean = total / (at - from);
  let carry = carried / (at - from);
  for (let i = at; i < to; i++) {
    const count = i - from + 1;
    const share = (count - 1) / count;
    const part = (values[i] as number) / count;
    mean *= share;
    carry = kahanCarry(mean, carry * share, part);
    mean += part;
  }
  return mean + carry;
}

/** The highest value of a window; NaN only where there is nothing else. */
function maximum(track: Track): WindowFunction {
  return slidingExtreme(track, (value, other) => value >= other);
}

function minimum(track: Track): WindowFunction {
  return slidingExtreme(track, (value, other) => value <= other);
}

/**
 * Keeps the samples that may still become the extreme of a later window, best first. Each sample enters and leaves once,
 * so a long window costs no more than a short one. Windows only move forward.
 */
function slidingExtreme({ values }: Track, beats: (value: number, other: number) => boolean): WindowFunction {
  const candidates = new Int32Array(values.length);
  let [head, tail, next] = [0, 0, 0];
  return ({ from, to }) => {
    for (next = Math.max(next, from); next < to; next++) {
      const value = values[next] as number;
      if (value !== value) continue;
      while (tail > head && beats(value, values[candidates[tail - 1] as number] as number)) tail--;
      candidates[tail++] = next;
    }
    while (head < tail && (candidates[head] as number) < from) head++;
    return head < tail ? (values[candidates[head] as number] as number) : NaN;
  };
}

function secondsAt({ timestamps }: Track, at: number): number {
  return (timestamps[at] as number) / 1000;
}

/** When the extreme of a window was last taken, in seconds. */
function timeOf(track: Track, isBetter: (value: number, best: number) => boolean): WindowFunction {
  const { values } = track;
  return ({ from, to }) => {
    let best = from;
    for (let i = from + 1; i < to; i++) {
      const known = values[best] as number;
      if (known !== known || isBetter(values[i] as number, known)) best = i;
    }
    return secondsAt(track, best);
  };
}

/** The median of the distances from the median. */
function medianDeviation({ values }: Track): WindowFunction {
  return ({ from, to }) => {
    const samples = values.slice(from, to);
    const median = quantileOf(0.5, samples);
    return quantileOf(
      0.5,
      samples.map((value) => Math.abs(value - median)),
    );
  };
}

function changes({ values }: Track): WindowFunction {
  return ({ from, to }) => {
    let count = 0;
    for (let i = from + 1; i < to; i++) {
      const before = values[i - 1] as number;
      const value = values[i] as number;
      if (value !== before && !(value !== value && before !== before)) count++;
    }
    return count;
  };
}

function resets({ values }: Track): WindowFunction {
  return ({ from, to }) => {
    let count = 0;
    for (let i = from + 1; i < to; i++) if ((values[i] as number) < (values[i - 1] as number)) count++;
    return count;
  };
}

function variance(values: Float64Array, { from, to }: { readonly from: number; readonly to: number }): number {
  let mean = 0;
  let meanCarry = 0;
  let squares = 0;
  let squaresCarry = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    const delta = value - (mean + meanCarry);
    const part = delta / (i - from + 1);
    meanCarry = kahanCarry(mean, meanCarry, part);
    mean += part;
    const square = delta * (value - (mean + meanCarry));
    squaresCarry = kahanCarry(squares, squaresCarry, square);
    squares += square;
  }
  return (squares + squaresCarry) / (to - from);
}

function derivative(track: Track): WindowFunction {
  return ({ from, to }) => linearRegression(track, from, to, track.timestamps[from] as number).slope;
}

/** `predict_linear`: the regression through the window, `aheadSeconds` after `nowMs`. */
export function predictLinear(track: Track, from: number, to: number, nowMs: number, aheadSeconds: number): number {
  const { slope, intercept } = linearRegression(track, from, to, nowMs);
  return slope * aheadSeconds + intercept;
}

/** `quantile_over_time` of one window. */
export function windowQuantile(track: Track, from: number, to: number, q: number): number {
  return quantileOf(q, track.values.slice(from, to));
}

/** Least squares through the samples, in units per second, with the intercept at `interceptMs`. */
function linearRegression(
  { timestamps, values }: Track,
  from: number,
  to: number,
  interceptMs: number,
): { readonly slope: number; readonly intercept: number } {
  const first = values[from] as number;
  const count = to - from;
  let isConstant = true;
  let [sumX, carryX, sumY, carryY, sumXY, carryXY, sumX2, carryX2] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = from; i < to; i++) {
    const y = values[i] as number;
    const x = ((timestamps[i] as number) - interceptMs) / 1000;
    if (y !== first) isConstant = false;
    carryX = kahanCarry(sumX, carryX, x);
    sumX += x;
    carryY = kahanCarry(sumY, carryY, y);
    sumY += y;
    carryXY = kahanCarry(sumXY, carryXY, x * y);
    sumXY += x * y;
    carryX2 = kahanCarry(sumX2, carryX2, x * x);
    sumX2 += x * x;
  }
  if (isConstant) return Number.isFinite(first) ? { slope: 0, intercept: first } : { slope: NaN, intercept: NaN };
  sumX += carryX;
  sumY += carryY;
  sumXY += carryXY;
  sumX2 += carryX2;
  const slope = (sumXY - (sumX * sumY) / count) / (sumX2 - (sumX * sumX) / count);
  return { slope, intercept: sumY / count - (slope * sumX) / count };
}
