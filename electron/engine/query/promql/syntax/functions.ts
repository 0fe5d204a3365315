import type { ValueType } from './expr.ts';
import { quoteGo } from './go-text.ts';

/** What a function takes and gives. */
export interface Signature {
  readonly args: readonly ValueType[];
  /** How many of the last argument may be left out or added: 0 none, n at most, -1 any number. */
  readonly variadic: number;
  readonly result: ValueType;
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

/** Known by name, refused until they are stable. */
const EXPERIMENTAL = `double_exponential_smoothing end histogram_quantiles info mad_over_time max_of min_of range
  sort_by_label sort_by_label_desc start start_timestamp step ts_of_first_over_time ts_of_last_over_time
  ts_of_max_over_time ts_of_min_over_time`;

const SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ...SHAPES.flatMap(([names, [args, variadic, result]]) =>
    names.split(/\s+/).map((name): [string, Signature] => {
      const types = Array.from(args, (letter) => LETTERS[letter] ?? 'scalar');
      return [name, { args: types, variadic, result, isExperimental: false }];
    }),
  ),
  ...EXPERIMENTAL.split(/\s+/).map((name): [string, Signature] => {
    return [name, { args: [], variadic: -1, result: 'vector', isExperimental: true }];
  }),
]);

/** The signature of a function, `null` for an unknown name. */
export function signatureOf(name: string): Signature | null {
  return SIGNATURES.get(name) ?? null;
}

/** Why a name cannot be called, of one that `signatureOf` does not know or knows as experimental. */
export function unknownFunction(name: string): string {
  if (signatureOf(name) === null) return `unknown function with name ${quoteGo(name)}`;
  return `function ${quoteGo(name)} is experimental and not enabled`;
}

/** Every function that a query may call. */
export function functionNames(): string[] {
  return [...SIGNATURES].filter(([, signature]) => !signature.isExperimental).map(([name]) => name);
}
