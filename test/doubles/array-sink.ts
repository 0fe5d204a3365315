import type { RowSink } from '../../electron/engine/collect/sample-sink.ts';
import { formatLabels } from '../../shared/model/labels.ts';

export interface ArraySink extends RowSink {
  /** Everything written, in order; a stale marker has the value `'stale'`. */
  readonly samples: WrittenSample[];
  /** Values by series of what was written at one time; of several, the last. */
  at(timestampMs: number): Record<string, number | 'stale'>;
  /** The last value of a series, by its text such as `up{job="a"}`. */
  last(series: string): number | 'stale' | undefined;
}

export interface WrittenSample {
  readonly series: string;
  readonly timestampMs: number;
  readonly value: number | 'stale';
}

/** A sink that keeps what it is given, for looking at. */
export function createArraySink(): ArraySink {
  const refs = new Map<string, number>();
  const names: string[] = [];
  const samples: WrittenSample[] = [];
  const nameOf = (ref: number): string => {
    const name = names[ref];
    if (name === undefined) throw new Error(`No series has the ref ${String(ref)}.`);
    return name;
  };
  return {
    samples,
    ref(labels) {
      const name = formatLabels(labels);
      const known = refs.get(name);
      if (known !== undefined) return known;
      refs.set(name, names.length);
      names.push(name);
      return names.length - 1;
    },
    append: (ref, timestampMs, value) => samples.push({ series: nameOf(ref), timestampMs, value }),
    appendRow(row, timestampMs, values) {
      values.forEach((value, i) => samples.push({ series: nameOf(row[i] ?? NaN), timestampMs, value }));
    },
    appendStale: (ref, timestampMs) => samples.push({ series: nameOf(ref), timestampMs, value: 'stale' }),
    at: (timestampMs) =>
      Object.fromEntries(samples.filter((s) => s.timestampMs === timestampMs).map((s) => [s.series, s.value])),
    last: (series) => samples.findLast((s) => s.series === series)?.value,
  };
}
