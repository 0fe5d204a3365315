import { METRIC_NAME, labelsFrom } from '../../../../shared/model/labels.ts';
import type { SampleSink } from '../sample-sink.ts';
import type { ScrapeTarget } from './build-targets.ts';

/** What is written about one scrape. */
interface ScrapeReport {
  readonly isUp: boolean;
  readonly durationMs: number;
  /** Samples in the answer. */
  readonly scraped: number;
  /** Samples that relabelling left. */
  readonly kept: number;
  /** Series that were not there the last time. */
  readonly added: number;
  readonly sizeBytes: number;
}

/** The series that the scraper itself writes about a target. Source: Prometheus manual, "Automatically generated labels". */
export interface ScrapeReports {
  append(timestampMs: number, report: ScrapeReport): void;
  end(timestampMs: number): void;
}

type Figure = readonly [name: string, read: (report: ScrapeReport, target: ScrapeTarget) => number];

const FIGURES: readonly Figure[] = [
  ['up', ({ isUp }) => (isUp ? 1 : 0)],
  ['scrape_duration_seconds', ({ durationMs }) => durationMs / 1000],
  ['scrape_samples_scraped', ({ scraped }) => scraped],
  ['scrape_samples_post_metric_relabeling', ({ kept }) => kept],
  ['scrape_series_added', ({ added }) => added],
];

/** Written where `extra_scrape_metrics` asks for them. */
const EXTRA_FIGURES: readonly Figure[] = [
  ['scrape_timeout_seconds', (_, { scrapeTimeoutMs }) => scrapeTimeoutMs / 1000],
  ['scrape_sample_limit', (_, { config }) => config.sampleLimit],
  ['scrape_body_size_bytes', ({ sizeBytes }) => sizeBytes],
];

export function createReports(target: ScrapeTarget, sink: SampleSink): ScrapeReports {
  const figures = target.config.extraScrapeMetrics ? [...FIGURES, ...EXTRA_FIGURES] : FIGURES;
  const series = figures.map(([name, read]) => ({
    ref: sink.ref(labelsFrom([...Object.entries(target.labels), [METRIC_NAME, name]])),
    read,
  }));
  return {
    append(timestampMs, report) {
      for (const { ref, read } of series) sink.append(ref, timestampMs, read(report, target));
    },
    end(timestampMs) {
      for (const { ref } of series) sink.appendStale(ref, timestampMs);
    },
  };
}
