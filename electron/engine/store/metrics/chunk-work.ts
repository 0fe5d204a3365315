import { encodeBlock, type SampleRun } from './block-codec.ts';
import { type ChunkReader, RangeCutter } from './chunk-reader.ts';
import { joinParts, type RunPart, Timelines } from './join-runs.ts';
import type { MetricTables } from './metric-tables.ts';
import { clearHead, hasHeadSamples, headLength, headRun, type SeriesGroup } from './series-group.ts';

/**
 * Heads become small chunks soon, so that memory and the log of samples stay small and a start has little to replay. Small
 * chunks are merged into large ones, which take a tenth less space and are quicker to read.
 */
const CUT_SAMPLES = 64;
const CUT_AGE_MS = 30 * 60_000;
/** Small chunks are merged when there are so many of them, or when together they make a large one. */
const MERGE_COUNT = 8;
/** A chunk of this many samples, or this much time, is not merged again. */
const LARGE_SAMPLES = 448;
const LARGE_SPAN_MS = 12 * 3_600_000;
/** Work that has waited for this many times its measure is done whatever it costs. */
const OVERDUE_URGENCY = 4;

/** What to do in memory once the database has it for sure. */
export type AfterCommit = () => void;

export interface DueWork {
  readonly kind: 'cut' | 'merge';
  readonly group: SeriesGroup;
  readonly isOverdue: boolean;
  /** How many times its measure it has waited: 1 when it is due, more when it is late. */
  readonly urgency: number;
}

/**
 * How much longer than usual a commit should go on working. Work that stays behind makes heads, the log of samples and so
 * the next start longer, and with many series all of it falls due at about the same time.
 */
export function haste(work: readonly DueWork[]): number {
  return Math.min(work[0]?.urgency ?? 1, OVERDUE_URGENCY) ** 2;
}

/** Groups whose head should become a chunk or whose chunks should be merged, the most urgent first. */
export function dueWork(groups: Iterable<SeriesGroup>, nowMs: number): DueWork[] {
  const due: DueWork[] = [];
  for (const group of groups) {
    const cut = cutUrgency(group, nowMs);
    const merge = mergeUrgency(group);
    const urgency = Math.max(cut, merge);
    if (urgency < 1) continue;
    due.push({ kind: cut >= merge ? 'cut' : 'merge', group, urgency, isOverdue: urgency >= OVERDUE_URGENCY });
  }
  return due.sort((a, b) => b.urgency - a.urgency);
}

function cutUrgency(group: SeriesGroup, nowMs: number): number {
  if (!hasHeadSamples(group)) return 0;
  // A clock that was set back makes the age negative: the head is cut then too, instead of waiting for it to catch up.
  return Math.max(headLength(group) / CUT_SAMPLES, Math.min(1, Math.abs(nowMs - group.headSinceMs) / CUT_AGE_MS));
}

function mergeUrgency({ smallChunks }: SeriesGroup): number {
  if (smallChunks.length < 2) return 0;
  const samples = smallChunks.reduce((sum, chunk) => sum + chunk.samples, 0);
  return Math.max(smallChunks.length / MERGE_COUNT, samples / LARGE_SAMPLES);
}

/** How many of a group's oldest small chunks go into one. */
function mergeCount({ smallChunks }: SeriesGroup): number {
  let samples = 0;
  let count = 0;
  for (const chunk of smallChunks.slice(0, MERGE_COUNT)) {
    count++;
    samples += chunk.samples;
    if (samples >= LARGE_SAMPLES) break;
  }
  return Math.max(2, count);
}

/** Write a group's head as a chunk. `sequence` is the last batch of the log whose samples the head holds. */
export function cutHead(group: SeriesGroup, sequence: number, tables: MetricTables): AfterCommit {
  const runs: SampleRun[] = [];
  for (const series of group.members) {
    if (series === null) continue;
    const { times, values } = headRun(group, series.slot);
    if (times.length === 0) continue;
    runs.push({ id: series.id, times, values });
    tables.spanSeries(series);
  }
  const block = encodeBlock(runs);
  const isSmall = !isLarge(block);
  const id = tables.insertChunk(null, group, block, isSmall);
  tables.coverGroup(group, sequence);
  return () => {
    clearHead(group, 2 * CUT_SAMPLES);
    if (isSmall) group.smallChunks.push({ id, samples: block.samples });
  };
}

/** Replace a group's oldest small chunks by one. */
export function mergeChunks(group: SeriesGroup, tables: MetricTables, chunks: ChunkReader): AfterCommit {
  const count = mergeCount(group);
  const merged = group.smallChunks.slice(0, count);
  const rest = group.smallChunks.slice(count);
  const everything = new RangeCutter(-Infinity, Infinity);
  const parts = new Map<number, RunPart[]>();
  const read: number[] = [];
  for (const { id } of merged) {
    const row = tables.chunkById(id);
    const entries = row === null ? null : chunks.read(row);
    if (entries === null) {
      tables.settleChunk(id);
      continue;
    }
    read.push(id);
    for (const entry of entries) {
      const part = everything.cut(entry);
      const list = parts.get(entry.id);
      if (part === null) continue;
      if (list === undefined) parts.set(entry.id, [part]);
      else list.push(part);
    }
  }
  const [firstId] = read;
  if (firstId === undefined) {
    return () => {
      group.smallChunks = rest;
    };
  }
  const timelines = new Timelines();
  const block = encodeBlock([...parts].map(([id, list]) => ({ id, ...joinParts(list, timelines) })));
  for (const id of read) tables.deleteChunk(id);
  const isSmall = !isLarge(block);
  tables.insertChunk(firstId, group, block, isSmall);
  return () => {
    group.smallChunks = isSmall ? [{ id: firstId, samples: block.samples }, ...rest] : rest;
  };
}

function isLarge(block: { samples: number; startMs: number; endMs: number }): boolean {
  return block.samples >= LARGE_SAMPLES || block.endMs - block.startMs >= LARGE_SPAN_MS;
}
