import { RE2JS } from 're2js';
import { labelsFrom, labelsKey, labelsToRecord, METRIC_NAME } from '../../../../shared/model/labels.ts';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import { LOG_ENTRIES_METRIC } from '../../../../shared/model/log-entries-metric.ts';
import type { LogMetricConfig, LogSourceConfig } from '../../config/configuration.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { NewLogEntry } from '../parse/log-entry.ts';
import { LOG_LEVELS } from '../parse/log-level.ts';
import type { LogSink } from './log-sink.ts';

/** A counter as it stands, with its name among the labels. It begins at 0 when the program starts. */
export interface LogCount {
  readonly labels: LabelRecord;
  readonly count: number;
}

export interface CountingSink extends LogSink {
  /** Count for these sources from now on; counters that stay keep their value. */
  configure(sources: readonly LogSourceConfig[]): void;
  counts(): LogCount[];
}

interface Counter {
  readonly labels: LabelRecord;
  count: number;
}

interface PatternCounter {
  readonly levels: ReadonlySet<string> | null;
  readonly test: ((text: string) => boolean) | null;
  readonly counter: Counter;
}

interface SourceCounters {
  readonly byLevel: ReadonlyMap<string, Counter>;
  readonly patterns: readonly PatternCounter[];
}

/**
 * Lines that are older when they are read are history that is caught up with: a burst of them would look like a burst of
 * errors now.
 */
const FRESH_MS = 10 * 60_000;

/** A sink that counts what goes through it: by source and level, and by the patterns of the configuration. */
export function countEntries(sink: LogSink, clock: Clock): CountingSink {
  let sources = new Map<string, SourceCounters>();
  let known = new Map<string, Counter>();

  function configure(configured: readonly LogSourceConfig[]): void {
    const next = new Map<string, Counter>();
    const counter = (name: string, labels: LabelRecord): Counter => {
      const identity = labelsFrom(Object.entries({ ...labels, [METRIC_NAME]: name }));
      const key = labelsKey(identity);
      const one = next.get(key) ?? known.get(key) ?? { labels: labelsToRecord(identity), count: 0 };
      next.set(key, one);
      return one;
    };
    // A counter that is there from the start at 0 lets `increase` see its first step.
    sources = new Map(
      configured.map(({ name: source, labels, metrics }) => [
        source,
        {
          byLevel: new Map(
            LOG_LEVELS.map((level) => [level, counter(LOG_ENTRIES_METRIC, { ...labels, source, level })]),
          ),
          patterns: metrics.map((metric) => ({
            ...testOf(metric),
            counter: counter(metric.name, { ...labels, ...metric.labels, source }),
          })),
        },
      ]),
    );
    known = next;
  }

  return {
    configure,
    counts: () => [...known.values()].map(({ labels, count }) => ({ labels, count })),
    append(entries) {
      const freshFromMs = clock.now() - FRESH_MS;
      for (const entry of entries) if (entry.timestampMs >= freshFromMs) count(entry);
      sink.append(entries);
    },
    commit: (checkpoints) => {
      sink.commit(checkpoints);
    },
    checkpoints: () => sink.checkpoints(),
  };

  function count({ source, level, text }: NewLogEntry): void {
    const counters = sources.get(source);
    if (counters === undefined) return;
    const ofLevel = counters.byLevel.get(level);
    if (ofLevel !== undefined) ofLevel.count += 1;
    for (const { levels, test, counter } of counters.patterns) {
      if ((levels === null || levels.has(level)) && (test === null || test(text))) counter.count += 1;
    }
  }
}

function testOf({ pattern, levels }: LogMetricConfig): Pick<PatternCounter, 'levels' | 'test'> {
  const compiled = pattern === null ? null : RE2JS.compile(pattern);
  return {
    levels: levels === null ? null : new Set(levels),
    test: compiled === null ? null : (text) => compiled.test(text),
  };
}
