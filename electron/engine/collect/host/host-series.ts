import { labelsFrom } from '../../../../shared/model/labels.ts';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { SampleSink } from '../sample-sink.ts';

/**
 * Takes one sample of the reading in progress.
 *
 * @param labels flat name/value pairs beside the metric name, always in the same order for the same metric
 */
export type Emit = (name: string, labels: readonly string[], value: number) => void;

/** The series of one collector: remembers their references, and ends those that a reading no longer gives. */
export interface HostSeries {
  readonly emit: Emit;
  /** Open a reading whose samples all bear this time. */
  begin(timestampMs: number): void;
  /** Close the reading: a series that was there before and was not emitted now is marked stale. */
  end(): void;
}

export const NO_PAIRS: readonly string[] = [];

/** @param common labels that every series gets, such as `job` and `instance` */
export function createHostSeries(sink: SampleSink, common: LabelRecord): HostSeries {
  const families = new Map<string, Map<string, Series>>();
  let round = 0;
  let timestampMs = 0;
  let seen = 0;
  let known = 0;

  function addSeries(family: Map<string, Series>, key: string, name: string, labels: readonly string[]): Series {
    const ref = sink.ref(labelsFrom([['__name__', name], ...pairsOf(labels), ...Object.entries(common)]));
    const series = { ref, round: 0 };
    family.set(key, series);
    known++;
    return series;
  }

  return {
    emit(name, labels, value) {
      let family = families.get(name);
      if (family === undefined) {
        family = new Map();
        families.set(name, family);
      }
      const key = seriesKey(labels);
      const series = family.get(key) ?? addSeries(family, key, name, labels);
      // A second sample of one series at one time would contradict the first, so the first stands.
      if (series.round === round) return;
      series.round = round;
      seen++;
      sink.append(series.ref, timestampMs, value);
    },

    begin(atMs) {
      round++;
      seen = 0;
      timestampMs = atMs;
    },

    end() {
      if (seen === known) return;
      for (const family of families.values()) {
        for (const [key, series] of family) {
          if (series.round === round) continue;
          sink.appendStale(series.ref, timestampMs);
          family.delete(key);
          known--;
        }
      }
    },
  };
}

interface Series {
  readonly ref: number;
  /** The reading that gave it last. */
  round: number;
}

/** Label names are fixed per metric, so the values alone tell its series apart; with one label no text is built. */
function seriesKey(labels: readonly string[]): string {
  if (labels.length === 0) return '';
  let key = labels[1] ?? '';
  for (let i = 3; i < labels.length; i += 2) key += `\u0000${labels[i] ?? ''}`;
  return key;
}

function* pairsOf(labels: readonly string[]): Generator<[name: string, value: string]> {
  for (let i = 0; i < labels.length; i += 2) yield [labels[i] ?? '', labels[i + 1] ?? ''];
}
