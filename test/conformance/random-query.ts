/** Writes valid queries over the series of `random-series.ts`, following the types of the grammar. */
export interface QueryWriter {
  next(): string;
}

const METRICS = ['requests_total', 'temperature', 'free_bytes', 'limit_bytes', 'gappy', 'latency_seconds_sum', 'latency_seconds_count', 'latency_seconds_bucket', 'build_info', 'odd'] as const; // prettier-ignore
const LABELS = ['job', 'instance', 'method', 'code', 'site', 'device', 'version'] as const;
const MATCHERS = [
  'job="web"', 'instance="a"', 'instance!="a"', 'instance=~"a|b"', 'instance!~"b.*"', 'code=~"4..|5.."', 'code!="200"',
  'method="get"', 'site="north"', 'site=""', 'device=~".+"', 'version=~".*"', 'nothing=""', 'job=~"(web|disk)"',
] as const; // prettier-ignore
/** Multiples of the distance of samples, so that no edge of a window falls on one. */
const RANGES = ['30s', '45s', '1m', '90s', '2m', '5m', '7m30s', '10m'] as const;
const OFFSETS = ['30s', '2m', '-45s', '5m', '-1m'] as const;
const NUMBERS = ['0', '1', '-1', '2', '0.5', '3', '10', '100', '1e3', '0x1F', '.25', 'Inf', '-Inf', 'NaN'] as const;
const SMALL = ['0', '1', '2', '3', '5'] as const;
const QUANTILES = ['0', '0.1', '0.5', '0.9', '0.99', '1', '-0.5', '1.5'] as const;

const RANGE_FUNCTIONS = ['avg_over_time', 'count_over_time', 'max_over_time', 'min_over_time', 'sum_over_time', 'last_over_time', 'present_over_time', 'stddev_over_time', 'stdvar_over_time', 'changes', 'resets', 'delta', 'idelta', 'deriv', 'irate', 'absent_over_time'] as const; // prettier-ignore
const VECTOR_FUNCTIONS = ['abs', 'ceil', 'floor', 'exp', 'ln', 'log2', 'log10', 'sqrt', 'sgn', 'round', 'deg', 'rad', 'sin', 'cos', 'tan', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acos', 'asin', 'acosh', 'atanh', 'timestamp', 'absent', 'sort', 'sort_desc'] as const; // prettier-ignore
const DATE_FUNCTIONS = ['minute', 'hour', 'day_of_week', 'day_of_month', 'day_of_year', 'days_in_month', 'month', 'year'] as const; // prettier-ignore
const AGGREGATORS = ['sum', 'avg', 'count', 'min', 'max', 'group'] as const;
/** Without `atan2`, which kept the name of the metric in version 2; see {@link createQueryWriter}. */
const ARITHMETIC = ['+', '-', '*', '/', '%', '^'] as const;
/** Without gaps: versions differ in when a counter is extrapolated down to 0. */
const WHOLE = METRICS.filter((name) => name !== 'gappy');
const FINITE = [
  'requests_total',
  'temperature',
  'free_bytes',
  'rate(requests_total[2m])',
  'latency_seconds_sum',
] as const;
const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='] as const;
const SETS = ['and', 'or', 'unless'] as const;

export function createQueryWriter(random: () => number): QueryWriter {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T; // the list is never empty
  const chance = (share: number): boolean => random() < share;
  const some = (list: readonly string[], most: number): string =>
    [...new Set(Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(list)))].join(', ');

  function selector(given: string | null = null): string {
    const metric = given ?? pick(METRICS);
    const matchers = some(MATCHERS, 2);
    if (given === null && chance(0.06))
      return `{__name__=~"${pick(['temp.*', 'latency_seconds_(sum|count)', '.*_bytes'])}"${matchers === '' ? '' : `, ${matchers}`}}`;
    return matchers === '' ? metric : `${metric}{${matchers}}`;
  }

  function shift(): string {
    const offset = chance(0.15) ? ` offset ${pick(OFFSETS)}` : '';
    const at = chance(0.08) ? ` @ ${pick(['start()', 'end()', '1735690807', '1735691407.5'])}` : '';
    return chance(0.5) ? offset + at : at + offset;
  }

  function matrix(depth: number, metric: string | null = null): string {
    // One subquery at most: inside another one, edges of windows would fall on its steps.
    if (depth > 1 && metric === null && chance(0.15)) {
      return `${wrapped(vector(0))}[${pick(['2m', '5m', '10m'])}:${pick(['15s', '30s', '45s', '1m'])}]${shift()}`;
    }
    return `${selector(metric)}[${pick(RANGES)}]${shift()}`;
  }

  function wrapped(text: string): string {
    return /^[a-z_]+(\{[^}]*\})?$/.test(text) ? text : `(${text})`;
  }

  function grouping(): string {
    if (chance(0.3)) return '';
    return chance(0.6) ? ` by (${some(LABELS, 2)}) ` : ` without (${some(LABELS, 2)}) `;
  }

  function aggregate(depth: number): string {
    const inner = vector(depth - 1);
    const draw = random();
    if (draw < 0.12) return `${pick(['topk', 'bottomk'])}${grouping()}(${pick(SMALL)}, ${selector('free_bytes')})`; // prettier-ignore
    if (draw < 0.2) return `quantile${grouping()}(${pick(QUANTILES)}, ${inner})`;
    if (draw < 0.25)
      return `count_values${grouping()}("value", ${pick(['build_info', 'limit_bytes', 'floor(temperature / 10)'])})`;
    // Of a single value that is not finite, version 2 says 0 and version 3 NaN.
    if (draw < 0.35) return `${pick(['stddev', 'stdvar'])}${grouping()}(${pick(FINITE)})`;
    return `${pick(AGGREGATORS)}${grouping()}(${inner})`;
  }

  function call(depth: number): string {
    const draw = random();
    if (draw < 0.12) return `${pick(['rate', 'increase'])}(${matrix(depth, pick(WHOLE))})`;
    if (draw < 0.4) return `${pick(RANGE_FUNCTIONS)}(${matrix(depth)})`;
    if (draw < 0.44) return `quantile_over_time(${pick(QUANTILES)}, ${matrix(depth)})`;
    if (draw < 0.48) return `predict_linear(${selector()}[${pick(RANGES)}], ${pick(['60', '-300', '3600'])})`;
    if (draw < 0.54) return histogram();
    if (draw < 0.58) return `${pick(['clamp_min', 'clamp_max'])}(${vector(depth - 1)}, ${scalar(1)})`;
    if (draw < 0.6) return `clamp(${vector(depth - 1)}, ${pick(NUMBERS)}, ${pick(NUMBERS)})`;
    if (draw < 0.63) return `round(${vector(depth - 1)}, ${pick(['0.5', '5', '10', '0.1'])})`;
    if (draw < 0.66) return `${pick(DATE_FUNCTIONS)}(${chance(0.4) ? '' : pick(FINITE)})`;
    if (draw < 0.7) return `label_replace(${vector(depth - 1)}, "${pick(['new', 'site'])}", "${pick(['$1', 'x-$1', ''])}", "${pick(LABELS)}", "${pick(['(.*)', '(.).*', 'a|b', '([a-z]+)'])}")`; // prettier-ignore
    if (draw < 0.73) return `label_join(${vector(depth - 1)}, "joined", "-", "job", "instance")`;
    if (draw < 0.76) return `vector(${scalar(1)})`;
    return `${pick(VECTOR_FUNCTIONS)}(${vector(depth - 1)})`;
  }

  function histogram(): string {
    const rate = `${pick(['rate', 'increase'])}(latency_seconds_bucket[${pick(['2m', '5m', '10m'])}])`;
    const summed = chance(0.6) ? `sum by (le${chance(0.4) ? ', instance' : ''}) (${rate})` : rate;
    return `histogram_quantile(${pick(QUANTILES)}, ${summed})`;
  }

  function binary(depth: number): string {
    const draw = random();
    const bool = chance(0.4) ? ' bool' : '';
    if (draw < 0.03) return `abs(${vector(depth - 1)}) atan2 ${scalar(1)}`;
    if (draw < 0.3) return `${operand(depth)} ${pick(ARITHMETIC)} ${scalar(1)}`;
    if (draw < 0.38) return `${scalar(1)} ${pick(ARITHMETIC)} ${operand(depth)}`;
    if (draw < 0.5) return `${operand(depth)} ${pick(COMPARISONS)}${bool} ${scalar(1)}`;
    if (draw < 0.62) return `${operand(depth)} ${pick(SETS)}${chance(0.5) ? ` ${pick(['on', 'ignoring'])} (${some(LABELS, 2)})` : ''} ${operand(depth)}`; // prettier-ignore
    if (draw < 0.74) {
      const operator = chance(0.6) ? pick(ARITHMETIC) : `${pick(COMPARISONS)}${bool}`;
      return `sum by (${(LABELS[0])}, instance) (${vector(depth - 1)}) ${operator} ${pick(['', 'on (job, instance) ', 'ignoring (code) '])}max by (job, instance) (${vector(depth - 1)})`; // prettier-ignore
    }
    if (draw < 0.86) {
      const operator = chance(0.6) ? pick(ARITHMETIC) : `${pick(COMPARISONS)}${bool}`;
      return `${pick(['free_bytes', 'requests_total', 'rate(requests_total[5m])'])} ${operator} on (instance) group_left (${pick(['', 'version'])}) ${pick(['build_info', 'build_info * 3'])}`; // prettier-ignore
    }
    const metric = pick(METRICS);
    return `${selector(metric)} ${pick([...ARITHMETIC, ...COMPARISONS])} ${pick(['', 'ignoring (nothing) '])}${selector(metric)}`;
  }

  function operand(depth: number): string {
    const text = vector(depth - 1);
    return chance(0.5) ? `(${text})` : wrapped(text);
  }

  function scalar(depth: number): string {
    const draw = random();
    if (depth > 0 && draw < 0.08) return `scalar(${vector(0)})`;
    if (depth > 0 && draw < 0.14) return `(${scalar(depth - 1)} ${pick(ARITHMETIC)} ${scalar(depth - 1)})`;
    if (draw < 0.17) return 'time()';
    if (draw < 0.19) return 'pi()';
    return pick(NUMBERS);
  }

  function vector(depth: number): string {
    if (depth <= 0) return selector() + shift();
    const draw = random();
    if (draw < 0.12) return selector() + shift();
    if (draw < 0.42) return call(depth);
    if (draw < 0.67) return aggregate(depth);
    if (draw < 0.72) return `-${wrapped(vector(depth - 1))}`;
    return binary(depth);
  }

  return { next: () => (chance(0.03) ? scalar(2) : vector(1 + Math.floor(random() * 3))) };
}
