import type { ValueType } from './expr.ts';
import { quoteGo } from './go-text.ts';

/** What a function takes and gives. */
export interface Signature {
  readonly args: readonly ValueType[];
  /** How many of the last argument may be left out or added: 0 none, n at most, -1 any number. */
  readonly variadic: number;
  readonly result: ValueType;
  /** Callable only where experimental functions are switched on. */
  readonly isExperimental: boolean;
}

type Row = readonly [args: string, variadic: number, result: ValueType];

const LETTERS: Readonly<Record<string, ValueType>> = { s: 'scalar', v: 'vector', m: 'matrix', t: 'string' };

/** s = scalar, v = instant vector, m = range vector, t = string. Source: Prometheus, promql/parser/functions.go. */
const SHAPES: readonly (readonly [names: string, row: Row])[] = [
  [
    `abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count
     histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh
     timestamp`,
    ['v', 0, 'vector'],
  ],
  [
    `absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta increase irate
     last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time
     sum_over_time`,
    ['m', 0, 'vector'],
  ],
  ['day_of_month day_of_week day_of_year days_in_month hour minute month year', ['v', 1, 'vector']],
  ['clamp', ['vss', 0, 'vector']],
  ['clamp_max clamp_min', ['vs', 0, 'vector']],
  ['histogram_fraction', ['ssv', 0, 'vector']],
  ['histogram_quantile', ['sv', 0, 'vector']],
  ['label_join', ['vttt', -1, 'vector']],
  ['label_replace', ['vtttt', 0, 'vector']],
  ['pi time', ['', 0, 'scalar']],
  ['predict_linear', ['ms', 0, 'vector']],
  ['quantile_over_time', ['sm', 0, 'vector']],
  ['round', ['vs', 1, 'vector']],
  ['scalar', ['v', 0, 'scalar']],
  ['vector', ['s', 0, 'vector']],
];

/** Those that Prometheus has only behind `promql-experimental-functions`. */
const EXPERIMENTAL_SHAPES: readonly (readonly [names: string, row: Row])[] = [
  ['double_exponential_smoothing', ['mss', 0, 'vector']],
  ['end range start step', ['', 0, 'scalar']],
  ['histogram_quantiles', ['vtss', 9, 'vector']],
  ['info', ['vv', 1, 'vector']],
  ['max_of min_of', ['ss', 0, 'scalar']],
  ['start_timestamp', ['v', 0, 'vector']],
  ['sort_by_label sort_by_label_desc', ['vt', -1, 'vector']],
  [
    'mad_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time',
    ['m', 0, 'vector'],
  ],
];

const SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ...signatures(SHAPES, false),
  ...signatures(EXPERIMENTAL_SHAPES, true),
]);

function signatures(shapes: typeof SHAPES, isExperimental: boolean): [string, Signature][] {
  return shapes.flatMap(([names, [args, variadic, result]]) =>
    names.split(/\s+/).map((name): [string, Signature] => {
      const types = Array.from(args, (letter) => LETTERS[letter] ?? 'scalar');
      return [name, { args: types, variadic, result, isExperimental }];
    }),
  );
}

/** The signature of a function, `null` for an unknown name. */
export function signatureOf(name: string): Signature | null {
  return SIGNATURES.get(name) ?? null;
}

/** Why a name cannot be called, of one that `signatureOf` does not know or knows as experimental. */
export function unknownFunction(name: string): string {
  if (signatureOf(name) === null) return `unknown function with name ${quoteGo(name)}`;
  return `function ${quoteGo(name)} is experimental and not enabled`;
}

/** Every function that a query may call; the experimental ones only where they are switched on. */
export function functionNames(withExperimental = false): string[] {
  return [...SIGNATURES].filter(([, { isExperimental }]) => withExperimental || !isExperimental).map(([name]) => name);
}
