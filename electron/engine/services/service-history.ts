import { labelValue, type Labels, METRIC_NAME } from '../../../shared/model/labels.ts';
import { bitsOf, isStaleAt } from '../../../shared/model/stale-marker.ts';
import type { Clock } from '../schedule/index.ts';
import type { SampleSource, SeriesColumns } from '../store/metrics/sample-source.ts';

/** One scrape as the store remembers it. */
export interface ScrapeLook {
  readonly at: number;
  readonly isUp: boolean;
  readonly durationMs: number | null;
}

/** What the store remembers of scrape targets, by service id. Checks keep a history of their own. */
export interface ServiceHistories {
  /** Share of the known time of the last 24 h, 0–1; absent where nothing is known. */
  readonly uptimes: ReadonlyMap<string, number>;
  /** The last scrapes of each target, oldest first. */
  readonly looks: ReadonlyMap<string, readonly ScrapeLook[]>;
}

const DAY_MS = 86_400_000;
/** Uptime over a day moves slowly, and reading a day of every target costs. */
const UPTIME_AGE_MS = 60_000;
const LOOKS_KEPT = 100;

export const targetKey = (labels: Labels): string =>
  `target:${labelValue(labels, 'job')}/${labelValue(labels, 'instance')}`;

export function createServiceHistory(
  source: SampleSource,
  clock: Clock,
): { read(longestIntervalMs: number): ServiceHistories } {
  let uptimes: { readonly at: number; readonly values: ReadonlyMap<string, number> } | null = null;
  return {
    read(longestIntervalMs) {
      if (uptimes === null || clock.monotonic() - uptimes.at > UPTIME_AGE_MS) {
        uptimes = { at: clock.monotonic(), values: readUptimes(source, clock.now()) };
      }
      return { uptimes: uptimes.values, looks: readLooks(source, clock.now(), longestIntervalMs) };
    },
  };
}

function named(name: string) {
  return [{ name: METRIC_NAME, operator: '=' as const, value: name }];
}

function readUptimes(source: SampleSource, now: number): Map<string, number> {
  const found = new Map<string, number>();
  for (const series of source.select(named('up'), now - DAY_MS, now)) {
    const { sum, count } = total(series);
    if (count > 0) found.set(targetKey(series.labels), sum / count);
  }
  return found;
}

function total({ values }: SeriesColumns): { sum: number; count: number } {
  const bits = bitsOf(values);
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (isStaleAt(bits, i)) continue;
    sum += values[i] as number;
    count += 1;
  }
  return { sum, count };
}

function readLooks(source: SampleSource, now: number, longestIntervalMs: number): Map<string, ScrapeLook[]> {
  const from = now - LOOKS_KEPT * longestIntervalMs;
  const durations = new Map<string, Map<number, number>>();
  for (const { labels, timestamps, values } of source.select(named('scrape_duration_seconds'), from, now)) {
    durations.set(targetKey(labels), new Map(Array.from(timestamps, (at, i) => [at, (values[i] as number) * 1000])));
  }
  const looks = new Map<string, ScrapeLook[]>();
  for (const { labels, timestamps, values } of source.select(named('up'), from, now)) {
    const bits = bitsOf(values);
    const key = targetKey(labels);
    const own: ScrapeLook[] = [];
    timestamps.forEach((at, i) => {
      if (!isStaleAt(bits, i)) own.push({ at, isUp: values[i] === 1, durationMs: durations.get(key)?.get(at) ?? null });
    });
    looks.set(key, own.slice(-LOOKS_KEPT));
  }
  return looks;
}
