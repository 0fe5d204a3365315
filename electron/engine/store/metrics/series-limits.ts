import { labelValue, type Labels, METRIC_NAME } from '../../../../shared/model/labels.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { SeriesIndex } from './series-index.ts';

/**
 * How many series there may be: in all, of one metric, and from one target (series with the same `job` and `instance`). A
 * label that takes a new value with every request would otherwise fill the memory.
 */
export interface SeriesLimits {
  readonly total: number;
  readonly metric: number;
  readonly target: number;
}

export const DEFAULT_SERIES_LIMITS: SeriesLimits = { total: 1_000_000, metric: 250_000, target: 250_000 };

/** The number that stands for a series which was refused; samples under it are counted and dropped. */
export const REFUSED_REF = 0;

const REPORT_EVERY_MS = 10 * 60_000;

/** How much of a limit is used up, and by what. */
export interface SeriesUse {
  readonly limit: keyof SeriesLimits;
  /** The metric, or the target as `job/instance`, that has the most series; of all series together the metric. */
  readonly worst: string;
  readonly series: number;
  /** 1 where new series are refused; 0 where there is no limit. */
  readonly ratio: number;
}

export function seriesUse(index: SeriesIndex, limits: SeriesLimits): SeriesUse[] {
  const { total, metric, target } = index.largest();
  return [
    { limit: 'total', worst: metric.name, series: total, ratio: total / limits.total },
    { limit: 'metric', worst: metric.name, series: metric.series, ratio: metric.series / limits.metric },
    { limit: 'target', worst: target.name, series: target.series, ratio: target.series / limits.target },
  ];
}

/** Series that tell about the limits find room beyond them, or nobody would hear that they are reached. */
const TELLING = /^(?:vedette_.*|ALERTS|ALERTS_FOR_STATE)$/;
const RESERVE = 1000;

/** Refuses new series beyond the limits, and says so: in the log now and then, in a count always. */
export class SeriesGuard {
  /** May be changed at any time; series that are known stay. */
  limits: SeriesLimits;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly refused: Record<keyof SeriesLimits, number> = { total: 0, metric: 0, target: 0 };
  readonly #reportedAt = new Map<keyof SeriesLimits, number>();

  constructor(limits: SeriesLimits, log: Log, clock: Clock) {
    this.limits = limits;
    this.#log = log;
    this.#clock = clock;
  }

  refuses(labels: Labels, index: SeriesIndex): boolean {
    const counts = index.countsFor(labels);
    if (counts === null) return false;
    const reserve = TELLING.test(labelValue(labels, METRIC_NAME)) ? RESERVE : 0;
    const reached = (['total', 'metric', 'target'] as const).find(
      (kind) => counts[kind] >= this.limits[kind] + reserve,
    );
    if (reached === undefined) return false;
    this.refused[reached]++;
    this.#report(reached, labels);
    return true;
  }

  #report(reached: keyof SeriesLimits, labels: Labels): void {
    const nowMs = this.#clock.monotonic();
    const last = this.#reportedAt.get(reached);
    if (last !== undefined && nowMs - last < REPORT_EVERY_MS) return;
    this.#reportedAt.set(reached, nowMs);
    const [name, job, instance] = [METRIC_NAME, 'job', 'instance'].map((label) => labelValue(labels, label));
    const limit = this.limits[reached].toLocaleString('en');
    const what = {
      total: `There are ${limit} series, the most that are kept`,
      metric: `Metric "${name ?? ''}" has ${limit} series, the most that one may have`,
      target: `Target "${job ?? ''}/${instance ?? ''}" has ${limit} series, the most that one may have`,
    }[reached];
    this.#log(
      'error',
      `${what}: new ones are refused. Look for a label with ever new values and drop it at its source.`,
      {
        limit: reached,
        metric: name ?? '',
        job: job ?? '',
        instance: instance ?? '',
      },
    );
  }
}
