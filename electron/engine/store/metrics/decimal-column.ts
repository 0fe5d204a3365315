/** A column as integers: see column-codec.ts for what the fields mean. `residuals` are integers within ±2^52. */
export interface DecimalColumn {
  readonly exponent: number;
  readonly factor: number;
  readonly first: number;
  readonly order: 0 | 1 | 2;
  readonly base: number;
  readonly residuals: Float64Array;
  /** Positions of values that are no such decimal: NaN, infinities, -0, too many digits. */
  readonly exceptions: readonly number[];
}

/** Integers stay so far below 2^53 that differences of differences are still exact. */
const LARGEST = 2 ** 50;
const LARGEST_EXPONENT = 12;
const POWERS_OF_10 = Array.from({ length: LARGEST_EXPONENT + 1 }, (_, exponent) => 10 ** exponent);
/** How many changes are looked at to find the usual one. */
const SAMPLE_SIZE = 31;

/** Find integers behind a column of doubles; null when too few of them are decimals. */
export function decimalColumn(values: Float64Array): DecimalColumn | null {
  const allowed = 2 + (values.length >> 3);
  const exponent = commonExponent(values, allowed);
  if (exponent === null) return null;
  const numbers = new Float64Array(values.length);
  const exceptions = toIntegers(values, exponent, numbers);
  if (exceptions.length > allowed) return null;
  const first = numbers[0] ?? 0;
  const factor = divideByFactor(numbers, first);
  return { exponent, factor, first, exceptions, ...cheapestResiduals(numbers) };
}

function commonExponent(values: Float64Array, allowed: number): number | null {
  let exponent = 0;
  let misfits = 0;
  for (const value of values) {
    if (Math.round(value) === value) continue;
    let needed = exponent;
    while (needed <= LARGEST_EXPONENT && !isDecimal(value, needed)) needed++;
    if (needed <= LARGEST_EXPONENT) exponent = needed;
    else if (++misfits > allowed) return null;
  }
  return exponent;
}

function isDecimal(value: number, exponent: number): boolean {
  const power = POWERS_OF_10[exponent] as number;
  const scaled = Math.round(value * power);
  // A quotient of two exact integers is rounded once, as the decimal text was when it was parsed.
  return scaled / power === value && Math.abs(scaled) < LARGEST;
}

/** Fill `numbers` with integers; an exception repeats the number before it. Returns the exceptions' positions. */
function toIntegers(values: Float64Array, exponent: number, numbers: Float64Array): number[] {
  const power = POWERS_OF_10[exponent] as number;
  const exceptions: number[] = [];
  let previous = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number; // within the column, here and in the loops below
    const scaled = Math.round(value * power);
    if (scaled / power === value && Math.abs(scaled) < LARGEST && !(scaled === 0 && Object.is(value, -0))) {
      previous = scaled;
    } else exceptions.push(i);
    numbers[i] = previous;
  }
  // Exceptions at the start repeat the first number that there is, not zero: a jump would widen the whole column.
  let leading = 0;
  while (leading < exceptions.length && exceptions[leading] === leading) leading++;
  if (leading > 0 && leading < values.length) numbers.fill(numbers[leading] as number, 0, leading);
  return exceptions;
}

/** Make `numbers` count from `first` in units of their greatest common divisor, which is returned. */
function divideByFactor(numbers: Float64Array, first: number): number {
  let factor = 0;
  for (let i = 0; i < numbers.length; i++) {
    const distance = (numbers[i] as number) - first;
    numbers[i] = distance;
    if (factor !== 1 && distance !== 0) factor = greatestCommonDivisor(Math.abs(distance), factor);
  }
  if (factor > 1) for (let i = 0; i < numbers.length; i++) numbers[i] = (numbers[i] as number) / factor;
  return factor === 0 ? 1 : factor;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller !== 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

function cheapestResiduals(numbers: Float64Array): Pick<DecimalColumn, 'order' | 'base' | 'residuals'> {
  const count = numbers.length;
  const bases = [usual(numbers, 0), usual(numbers, 1), (numbers[1] ?? 0) - (numbers[0] ?? 0)] as const;
  const costs: [number, number, number] = [0, 0, 0];
  let step = bases[2];
  for (let i = 1; i < count; i++) {
    const number = numbers[i] as number;
    const change = number - (numbers[i - 1] as number);
    costs[0] += bitLength(number - bases[0]);
    costs[1] += bitLength(change - bases[1]);
    costs[2] += bitLength(change - step);
    step = change;
  }
  const order = costs[1] <= costs[0] && costs[1] <= costs[2] ? 1 : costs[0] <= costs[2] ? 0 : 2;
  const residuals = new Float64Array(count);
  if (order === 0) for (let i = 0; i < count; i++) residuals[i] = (numbers[i] as number) - bases[0];
  else {
    step = bases[order];
    for (let i = 1; i < count; i++) {
      const change = (numbers[i] as number) - (numbers[i - 1] as number);
      residuals[i] = change - step;
      if (order === 2) step = change;
    }
  }
  return { order, base: bases[order], residuals };
}

/** The median of a sample of the numbers (distance 0) or of their changes (distance 1). */
function usual(numbers: Float64Array, distance: 0 | 1): number {
  const available = numbers.length - distance;
  if (available <= 0) return 0;
  const size = Math.min(available, SAMPLE_SIZE);
  const sample = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const at = distance + Math.floor((i * available) / size);
    sample[i] = (numbers[at] as number) - (distance === 0 ? 0 : (numbers[at - 1] as number));
  }
  return sample.sort()[size >> 1] as number;
}

function bitLength(value: number): number {
  const size = value < 0 ? -value : value;
  return size < 2 ** 31 ? 32 - Math.clz32(size) : 32 + Math.log2(size / 2 ** 32);
}
