import { METRIC_NAME, labelPairs, labelValue, labelsFrom } from '../../../../shared/model/labels.ts';
import type { LabelRecord, Labels } from '../../../../shared/model/labels.ts';
import type { ScrapeConfig } from '../../config/configuration.ts';
import { isLabelName, isMetricName } from '../../config/names.ts';
import { compileRelabel } from '../relabel/index.ts';
import type { Relabel } from '../relabel/index.ts';
import type { SampleSink } from '../sample-sink.ts';
import type { Resolved } from './parse-exposition.ts';
import type { SeriesText } from './series-text.ts';

/** A series of one target, and when it was last seen there. */
export interface TrackedSeries {
  readonly ref: number;
  /** Number of the scrape that held it last. */
  seenIn: number;
  /** Whether it ended with a stale marker, or never began. */
  isStale: boolean;
  /** It carries its own timestamps, so that its end is not ours to mark. */
  hasOwnTime: boolean;
}

/** Stands for every series that relabelling drops: it is read, and not kept. */
export const DROPPED: TrackedSeries = { ref: -1, seenIn: 0, isStale: true, hasOwnTime: false };

/** Turns what a target exposes into series of the sink: its labels are added, its limits kept. */
export interface SeriesResolver {
  readonly resolve: (series: SeriesText & { ok: true }) => Resolved<TrackedSeries>;
  /** The series is gone; should it come back, it is resolved anew. */
  readonly forget: (series: TrackedSeries) => void;
}

export function createSeriesResolver(
  config: ScrapeConfig,
  targetLabels: LabelRecord,
  sink: SampleSink,
): SeriesResolver {
  /** Two spellings of the same labels are one series. */
  const byRef = new Map<number, TrackedSeries>();
  const relabel = compileRelabel(config.metricRelabelSteps);
  return {
    resolve({ name, pairs }) {
      const joined = joinTargetLabels(pairs, targetLabels, config.honorLabels);
      const relabelled = relabel === null ? joined : relabelSample(joined, relabel);
      if (relabelled === null) return { ok: true, series: DROPPED };
      const labels = labelsFrom(relabelled);
      if (relabel !== null && labelValue(labels, METRIC_NAME) === '') {
        return { ok: false, message: `${name} has no name after metric_relabel_configs` };
      }
      const illegal = config.nameScheme === 'legacy' ? illegalName(labels) : null;
      if (illegal !== null) {
        return { ok: false, message: `${name}: "${illegal}" is no name in the scheme legacy` };
      }
      const complaint = overLimit(labels, config);
      if (complaint !== null) return { ok: false, message: `${name} ${complaint}` };
      const ref = sink.ref(labels);
      const series = byRef.get(ref) ?? { ref, seenIn: 0, isStale: true, hasOwnTime: false };
      byRef.set(ref, series);
      return { ok: true, series };
    },
    forget: ({ ref }) => byRef.delete(ref),
  };
}

/** Null when the sample is dropped. */
function relabelSample(joined: readonly (readonly [string, string])[], relabel: Relabel): Map<string, string> | null {
  // An empty value is no label for a pattern either.
  const labels = new Map(joined.filter(([, value]) => value !== ''));
  return relabel(labels) && labels.size > 0 ? labels : null;
}

function illegalName(labels: Labels): string | null {
  for (const [name, value] of labelPairs(labels)) {
    const isLegal = name === METRIC_NAME ? isMetricName(value, 'legacy') : isLabelName(name, 'legacy');
    if (!isLegal) return name === METRIC_NAME ? value : name;
  }
  return null;
}

/**
 * Add the labels of the target. Without `honorLabels` they win, and what the target exposed under the same name moves to
 * `exported_<name>`; with it the exposed label wins, an empty one too, which then removes the label (a Pushgateway says
 * `instance=""` so).
 *
 * Source: Prometheus, scrape/scrape.go, `mutateSampleLabels`.
 */
export function joinTargetLabels(
  exposed: readonly (readonly [string, string])[],
  target: LabelRecord,
  honorLabels: boolean,
): [string, string][] {
  const joined = new Map(exposed);
  const conflicts: [string, string][] = [];
  for (const [name, value] of Object.entries(target)) {
    const existing = joined.get(name);
    if (existing !== undefined && honorLabels) continue;
    if (existing !== undefined && existing !== '') conflicts.push([name, existing]);
    joined.set(name, value);
  }
  for (const [name, value] of conflicts.sort(([a], [b]) => a.length - b.length)) {
    let free = `exported_${name}`;
    while ((joined.get(free) ?? '') !== '') free = `exported_${free}`;
    joined.set(free, value);
  }
  return [...joined];
}

function overLimit(labels: readonly string[], config: ScrapeConfig): string | null {
  const { labelLimit, labelNameLengthLimit, labelValueLengthLimit } = config;
  const count = labels.length / 2;
  if (labelLimit > 0 && count > labelLimit) {
    return `has ${String(count)} labels, over the limit of ${String(labelLimit)} (label_limit)`;
  }
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i] as string; // in pairs
    const value = labels[i + 1] as string;
    if (labelNameLengthLimit > 0 && Buffer.byteLength(name) > labelNameLengthLimit) {
      return `has the label name "${name}", longer than ${String(labelNameLengthLimit)} bytes (label_name_length_limit)`;
    }
    if (labelValueLengthLimit > 0 && Buffer.byteLength(value) > labelValueLengthLimit) {
      return `has a value of "${name}" longer than ${String(labelValueLengthLimit)} bytes (label_value_length_limit)`;
    }
  }
  return null;
}
