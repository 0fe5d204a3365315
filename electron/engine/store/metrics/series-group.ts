import type { Labels } from '../../../../shared/model/labels.ts';
import { bitsOf, isStaleAt, markStaleAt } from '../../../../shared/model/stale-marker.ts';

/** How many series share a block at most; see block-codec.ts. A query for one series reads the block of all of them. */
export const GROUP_SIZE = 32;

/** One time series as the store knows it. `id` is what {@link SampleSink.ref} hands out. */
export interface Series {
  readonly id: number;
  readonly labels: Labels;
  readonly group: SeriesGroup;
  readonly slot: number;
  /** Times of its first and last sample, epoch milliseconds; `Infinity` and `-Infinity` when it has none. */
  firstMs: number;
  lastMs: number;
  /** Whether it has samples, and so is found by queries and has its row in the database. */
  isPresent: boolean;
  /** Whether a collector holds its id. */
  isHeld: boolean;
}

/** A chunk of a group that still waits to be merged with its neighbours into a large one. */
export interface SmallChunk {
  readonly id: number;
  /** Of its longest series. */
  readonly samples: number;
}

/**
 * Up to {@link GROUP_SIZE} series that are collected together, and their samples since the last chunk (the "head").
 *
 * Series of one scrape have the same timestamps, so the group keeps them once: the samples of the series in `slot` lie at
 * `times[starts[slot] …]`, `counts[slot]` of them, with values in its lane of `values`. A series that goes its own way (a
 * missed scrape, a sample out of order) moves to columns of its own until the next chunk.
 */
export interface SeriesGroup {
  readonly id: number;
  /** Series are put together by it: the labels that say where they come from. */
  readonly origin: string;
  readonly members: (Series | null)[];
  times: Float64Array;
  timeCount: number;
  values: Float64Array;
  bits: Uint32Array;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly loose: Map<number, LooseColumns>;
  /** The batch of the log that holds the oldest sample in the head, 0 when the head is empty; when that was. */
  headSequence: number;
  headSinceMs: number;
  isStored: boolean;
  smallChunks: SmallChunk[];
}

interface LooseColumns {
  times: Float64Array;
  values: Float64Array;
  count: number;
}

/** `repeated`: the same sample was there; `conflicting`: another value was there and stays. */
export type InsertOutcome = 'added' | 'repeated' | 'conflicting';

const FIRST_CAPACITY = 16;

export function createGroup(id: number, origin: string): SeriesGroup {
  return {
    id,
    origin,
    members: Array.from({ length: GROUP_SIZE }, () => null),
    times: new Float64Array(0),
    timeCount: 0,
    values: new Float64Array(0),
    bits: new Uint32Array(0),
    starts: new Int32Array(GROUP_SIZE),
    counts: new Int32Array(GROUP_SIZE),
    loose: new Map(),
    headSequence: 0,
    headSinceMs: 0,
    isStored: false,
    smallChunks: [],
  };
}

/** How many samples the longest series may have in the head. */
export function headLength(group: SeriesGroup): number {
  let length = group.timeCount;
  for (const { count } of group.loose.values()) length = Math.max(length, count);
  return length;
}

export function hasHeadSamples(group: SeriesGroup): boolean {
  return group.timeCount > 0 || group.loose.size > 0;
}

/** Put a sample into the head, in its place by time. */
export function insertSample(
  group: SeriesGroup,
  slot: number,
  timestampMs: number,
  value: number,
  isStale: boolean,
): InsertOutcome {
  const loose = group.loose.get(slot);
  if (loose !== undefined) return insertLoose(loose, timestampMs, value, isStale);
  const position = sharedPosition(group, slot, timestampMs);
  if (position < 0) return insertLoose(detach(group, slot), timestampMs, value, isStale);
  if (position === group.timeCount) addTime(group, timestampMs);
  if (group.counts[slot] === 0) group.starts[slot] = position;
  group.counts[slot] = (group.counts[slot] as number) + 1; // a slot is below GROUP_SIZE
  writeValue(group.values, group.bits, slot * group.times.length + position, value, isStale);
  return 'added';
}

/**
 * Put samples of one moment into the head, of each of these slots one: what a scrape gave to a group, laid down at once where
 * every series goes on with the others. Stale markers and other NaN keep their bits.
 *
 * @param slots the series of sample `from + i` of `bits` is in `slots[from + i]`
 */
export function insertMoment(
  group: SeriesGroup,
  timestampMs: number,
  slots: Int32Array,
  bits: Uint32Array,
  from: number,
  to: number,
): void {
  const lastMs = group.timeCount === 0 ? -Infinity : (group.times[group.timeCount - 1] as number);
  const position = timestampMs === lastMs ? group.timeCount - 1 : group.timeCount;
  for (let i = from; i < to; i++) {
    const slot = slots[i] as number; // the caller's range lies in both columns
    const count = group.counts[slot] as number;
    const isInStep = count === 0 || (group.starts[slot] as number) + count === position;
    if (timestampMs < lastMs || !isInStep || group.loose.has(slot)) {
      const value = new Float64Array(Uint32Array.of(bits[2 * i] as number, bits[2 * i + 1] as number).buffer);
      insertSample(group, slot, timestampMs, value[0] as number, isStaleAt(bits, i));
      continue;
    }
    if (position === group.timeCount) addTime(group, timestampMs);
    if (count === 0) group.starts[slot] = position;
    group.counts[slot] = count + 1;
    const at = 2 * (slot * group.times.length + position);
    group.bits[at] = bits[2 * i] as number;
    group.bits[at + 1] = bits[2 * i + 1] as number;
  }
}

function addTime(group: SeriesGroup, timestampMs: number): void {
  if (group.timeCount === group.times.length) growHead(group);
  group.times[group.timeCount] = timestampMs;
  group.timeCount++;
}

/** Where in the shared times the next sample of a series goes; -1 when it cannot go there. */
function sharedPosition(group: SeriesGroup, slot: number, timestampMs: number): number {
  const { times, timeCount } = group;
  const count = group.counts[slot] as number;
  if (count > 0) {
    const position = (group.starts[slot] as number) + count;
    if (position === timeCount) return timestampMs > (times[position - 1] as number) ? position : -1;
    return times[position] === timestampMs ? position : -1;
  }
  for (let position = timeCount - 1; position >= 0; position--) {
    const time = times[position] as number;
    if (time === timestampMs) return position;
    if (time < timestampMs) return position === timeCount - 1 ? timeCount : -1;
  }
  return timeCount === 0 ? 0 : -1;
}

function growHead(group: SeriesGroup): void {
  const before = group.times.length;
  const capacity = Math.max(FIRST_CAPACITY, before * 2);
  const times = new Float64Array(capacity);
  times.set(group.times);
  const values = new Float64Array(capacity * GROUP_SIZE);
  for (let slot = 0; slot < GROUP_SIZE; slot++) {
    values.set(group.values.subarray(slot * before, (slot + 1) * before), slot * capacity);
  }
  group.times = times;
  group.values = values;
  group.bits = bitsOf(values);
}

function detach(group: SeriesGroup, slot: number): LooseColumns {
  const { times, values } = headRun(group, slot);
  const columns = {
    times: new Float64Array(FIRST_CAPACITY),
    values: new Float64Array(FIRST_CAPACITY),
    count: times.length,
  };
  ensureLoose(columns, times.length + 1);
  columns.times.set(times);
  columns.values.set(values);
  group.counts[slot] = 0;
  group.loose.set(slot, columns);
  return columns;
}

function insertLoose(columns: LooseColumns, timestampMs: number, value: number, isStale: boolean): InsertOutcome {
  let position = columns.count;
  while (position > 0 && (columns.times[position - 1] as number) > timestampMs) position--;
  if (position > 0 && columns.times[position - 1] === timestampMs) {
    const isSame = isStaleAt(bitsOf(columns.values), position - 1)
      ? isStale
      : !isStale && Object.is(columns.values[position - 1], value);
    return isSame ? 'repeated' : 'conflicting';
  }
  ensureLoose(columns, columns.count + 1);
  columns.times.copyWithin(position + 1, position, columns.count);
  columns.values.copyWithin(position + 1, position, columns.count);
  columns.times[position] = timestampMs;
  writeValue(columns.values, bitsOf(columns.values), position, value, isStale);
  columns.count++;
  return 'added';
}

function ensureLoose(columns: LooseColumns, count: number): void {
  if (count <= columns.times.length) return;
  const times = new Float64Array(Math.max(count, columns.times.length * 2));
  const values = new Float64Array(times.length);
  times.set(columns.times);
  values.set(columns.values);
  columns.times = times;
  columns.values = values;
}

/** NaN is written in one form, so that no NaN can be taken for a stale marker. */
export function writeValue(
  values: Float64Array,
  bits: Uint32Array,
  index: number,
  value: number,
  isStale: boolean,
): void {
  values[index] = Number.isNaN(value) ? NaN : value;
  if (isStale) markStaleAt(bits, index);
}

/** The head samples of a series, sharing memory with the group: valid until the next insert. */
export function headRun(group: SeriesGroup, slot: number): { times: Float64Array; values: Float64Array } {
  const loose = group.loose.get(slot);
  if (loose !== undefined) {
    return { times: loose.times.subarray(0, loose.count), values: loose.values.subarray(0, loose.count) };
  }
  const start = group.starts[slot] as number;
  const end = start + (group.counts[slot] as number);
  const lane = slot * group.times.length;
  return { times: group.times.subarray(start, end), values: group.values.subarray(lane + start, lane + end) };
}

/** Forget the head, once its samples are in a chunk. Its memory is kept for the next ones unless it grew unusually large. */
export function clearHead(group: SeriesGroup, keepCapacity: number): void {
  group.timeCount = 0;
  group.counts.fill(0);
  group.loose.clear();
  group.headSequence = 0;
  if (group.times.length > keepCapacity) {
    group.times = new Float64Array(0);
    group.values = new Float64Array(0);
    group.bits = new Uint32Array(0);
  }
}
