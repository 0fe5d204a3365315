import { isSameColumn } from './block-codec.ts';

/** A stretch of one series. Parts of several series with the same timestamps share the array of times. */
export interface RunPart {
  readonly times: Float64Array;
  /** Write as many values as there are times into `out` from `at` on. */
  readonly copyValues: (out: Float64Array, at: number) => void;
}

interface Timeline {
  readonly parts: readonly Float64Array[];
  readonly times: Float64Array;
  readonly isAscending: boolean;
}

/**
 * Joined timestamps, each made once: series that were collected together get the very same array, which saves half of a
 * result's memory and lets a query see at a glance that they line up.
 */
export class Timelines {
  readonly #byContent = new Map<string, Float64Array[]>();
  #recent: Timeline[] = [];

  /** To be called before the series of the next group, whose parts are other arrays. */
  nextGroup(): void {
    this.#recent = [];
  }

  join(parts: readonly Float64Array[]): Timeline {
    const known = this.#recent.find((timeline) => isSameList(timeline.parts, parts));
    if (known !== undefined) return known;
    const [first] = parts;
    let times = parts.length === 1 && first !== undefined ? first : concatenated(parts);
    let isAscending = true;
    for (let i = 1; i < parts.length; i++) {
      if ((parts[i]?.[0] ?? Infinity) <= (parts[i - 1]?.at(-1) ?? -Infinity)) isAscending = false;
    }
    if (isAscending) times = this.#sameAs(times);
    const timeline = { parts, times, isAscending };
    this.#recent.push(timeline);
    return timeline;
  }

  #sameAs(times: Float64Array): Float64Array {
    const key = `${String(times.length)} ${String(times[0])} ${String(times.at(-1))}`;
    const alike = this.#byContent.get(key);
    const same = alike?.find((other) => isSameColumn(other, times));
    if (same !== undefined) return same;
    if (alike === undefined) this.#byContent.set(key, [times]);
    else alike.push(times);
    return times;
  }
}

/**
 * Join the parts of one series, earlier written first; where two have the same time, the first one counts.
 *
 * @param room for the values, of at least as many places as the parts have samples; a new column when left out
 */
export function joinParts(
  parts: readonly RunPart[],
  timelines: Timelines,
  room?: Float64Array,
): { times: Float64Array; values: Float64Array } {
  const { times, isAscending } = timelines.join(parts.map((part) => part.times));
  const values = room === undefined ? new Float64Array(times.length) : room.subarray(0, times.length);
  let at = 0;
  for (const part of parts) {
    part.copyValues(values, at);
    at += part.times.length;
  }
  return isAscending ? { times, values } : sorted(times, values);
}

function sorted(times: Float64Array, values: Float64Array): { times: Float64Array; values: Float64Array } {
  const order = Array.from(times, (_, index) => index).sort(
    (a, b) => (times[a] as number) - (times[b] as number), // indexes into these very columns
  );
  const kept = order.filter((index, i) => i === 0 || times[index] !== times[order[i - 1] as number]);
  const sortedValues = new Float64Array(kept.length);
  for (const [to, from] of kept.entries()) sortedValues.set(values.subarray(from, from + 1), to); // exact to the bit
  return { times: Float64Array.from(kept, (index) => times[index] as number), values: sortedValues };
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function isSameList(a: readonly Float64Array[], b: readonly Float64Array[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}
