import type { RollupReader } from './rollup-reader.ts';
import type { SelectHint, SeriesColumns } from './sample-source.ts';
import type { ChunkDirectory } from './chunk-directory.ts';
import { type ChunkReader, lowerBound, RangeCutter } from './chunk-reader.ts';
import { joinParts, type RunPart, Timelines } from './join-runs.ts';
import { hasHeadSamples, headLength, headSpan, type Series, type SeriesGroup } from './series-group.ts';

/**
 * The samples of some series in a range (both ends included), from rollups, chunks and heads, group by group. Each chunk is
 * read once, and all of a group at the same moment.
 *
 * @param reusesValues whether the values of a series may be overwritten when the next one is asked for: long columns are
 *   costly to make and to clear away
 */
export function* selectSamples(
  wanted: readonly Series[],
  startMs: number,
  endMs: number,
  directory: ChunkDirectory,
  chunks: ChunkReader,
  rollups: RollupReader,
  hint: SelectHint | undefined,
  reusesValues: boolean,
): Generator<SeriesColumns, void> {
  const byGroup = new Map<SeriesGroup, Series[]>();
  for (const series of wanted) {
    if (series.firstMs > endMs || series.lastMs < startMs) continue;
    const siblings = byGroup.get(series.group);
    if (siblings === undefined) byGroup.set(series.group, [series]);
    else siblings.push(series);
  }
  const timelines = new Timelines();
  let room = new Float64Array(0);
  for (const [group, siblings] of byGroup) {
    timelines.nextGroup();
    const parts = new Map<number, RunPart[]>(siblings.map(({ id }) => [id, []]));
    const plan = rollups.plan(group, startMs, hint);
    const rawStartMs = plan === null ? startMs : Math.max(startMs, plan.rawAfterMs + 1);
    const cutter = new RangeCutter(rawStartMs, endMs);
    for (const id of directory.inRange(group.id, rawStartMs, endMs)) {
      for (const entry of chunks.readKept(id, group.id) ?? []) {
        const list = parts.get(entry.id);
        if (list === undefined) continue;
        const part = cutter.cut(entry);
        if (part !== null) list.push(part);
      }
    }
    if (hasHeadSamples(group)) addHeadParts(group, siblings, rawStartMs, endMs, parts);
    if (plan === null && reusesValues) {
      for (const { id, labels } of siblings) {
        const list = parts.get(id) ?? [];
        if (list.length === 0) continue;
        const count = list.reduce((sum, { times }) => sum + times.length, 0);
        if (room.length < count) room = new Float64Array(count);
        const { times, values } = joinParts(list, timelines, room);
        yield { labels, timestamps: times, values };
      }
      continue;
    }
    const raw = new Map<number, SeriesColumns>();
    for (const { id, labels } of siblings) {
      const list = parts.get(id) ?? [];
      if (list.length === 0) continue;
      const { times, values } = joinParts(list, timelines);
      raw.set(id, { labels, timestamps: times, values });
    }
    if (plan === null) yield* raw.values();
    else yield* rollups.prepend(group, siblings, plan, startMs, endMs, hint, raw);
  }
}

function addHeadParts(
  group: SeriesGroup,
  siblings: readonly Series[],
  startMs: number,
  endMs: number,
  parts: ReadonlyMap<number, RunPart[]>,
): void {
  // The head goes on changing after the result is handed out, so it is copied: times once for all that share them, and
  // values into one block for all series of the group.
  const copies = new Map<number, Float64Array>();
  const block = new Float64Array(siblings.length * headLength(group));
  let used = 0;
  for (const { id, slot } of siblings) {
    const { times, values, from, to, valuesFrom } = headSpan(group, slot);
    const low = lowerBound(times, startMs, false, from, to);
    const high = lowerBound(times, endMs, true, from, to);
    if (low >= high) continue;
    const place = group.loose.has(slot) ? -1 - slot : low;
    const key = place * 2 ** 24 + (high - low);
    let copy = copies.get(key);
    if (copy === undefined) copies.set(key, (copy = times.slice(low, high)));
    const own = block.subarray(used, (used += high - low));
    own.set(values.subarray(valuesFrom + low - from, valuesFrom + high - from));
    parts.get(id)?.push({
      times: copy,
      copyValues(out, at) {
        out.set(own, at);
      },
    });
  }
}
