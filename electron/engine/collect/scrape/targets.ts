import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { ScrapeConfig } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock, Scheduler } from '../../schedule/index.ts';
import type { RevealSecret } from '../reveal-secret.ts';
import type { RowSink } from '../sample-sink.ts';
import { createBodyMemory } from './body-memory.ts';
import { buildTargets } from './build-targets.ts';
import type { ScrapeTarget } from './build-targets.ts';
import { connectTarget } from './fetch-exposition.ts';
import type { TargetConnection } from './fetch-exposition.ts';
import type { MetricMetadata } from './metadata.ts';
import { createColumns } from './parse-exposition.ts';
import { createTargetScraper } from './scrape-target.ts';
import type { TargetScraper, TargetState } from './scrape-target.ts';
import type { TrackedSeries } from './tracked-series.ts';

/** A target and how it is; what `/api/v1/targets` shows, in the engine's units. */
export interface TargetStatus extends TargetState {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly labels: LabelRecord;
  readonly discoveredLabels: LabelRecord;
  readonly scrapeIntervalMs: number;
  readonly scrapeTimeoutMs: number;
}

export interface TargetMetadata {
  readonly target: LabelRecord;
  readonly metric: string;
  readonly metadata: MetricMetadata;
}

export interface Scraping {
  targets(): readonly TargetStatus[];
  /** What the targets say about their metrics. */
  metadata(): Iterable<TargetMetadata>;
  /** Scrape a target at once, beside its rate; null when no target has these labels. */
  scrapeNow(job: string, instance: string): Promise<TargetStatus | null>;
  /** Take a new configuration: an unchanged target goes on undisturbed, a removed one ends with stale markers. */
  update(configs: readonly ScrapeConfig[]): void;
  /** Stop all scraping. The series stay open: the next start goes on with them. */
  stop(): void;
}

export interface ScrapingOptions {
  readonly configs: readonly ScrapeConfig[];
  readonly sink: RowSink;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly log: Log;
  readonly revealSecret: RevealSecret;
  /** Called when the health of a target or its error changes, the first result included. */
  readonly onTargetState?: (status: TargetStatus) => void;
  readonly userAgent?: string;
}

interface Running {
  readonly target: ScrapeTarget;
  readonly scraper: TargetScraper;
  readonly connection: TargetConnection;
  readonly dispose: () => void;
}

export function startScraping(options: ScrapingOptions): Scraping {
  const { sink, scheduler, clock, log, revealSecret, onTargetState, userAgent = 'Vedette' } = options;
  const columns = createColumns<TrackedSeries>();
  const memory = createBodyMemory();
  const running = new Map<string, Running>();

  function start(target: ScrapeTarget): Running {
    const { config } = target;
    const connection = connectTarget(target, revealSecret, userAgent, memory);
    const scraper = createTargetScraper({ target, connection, sink, columns, clock });
    const dispose = scheduler.every({
      key: target.identity,
      intervalMs: config.scrapeIntervalMs,
      timeoutMs: config.scrapeTimeoutMs,
      host: new URL(target.url).hostname,
      isEager: true,
      async run(tick) {
        const before = scraper.state();
        await scraper.scrape(tick);
        const after = scraper.state();
        if (after.health === before.health && after.lastError === before.lastError) return;
        if (after.health === 'down')
          log('warn', `Target ${target.url} of job "${config.jobName}" is down: ${after.lastError}`);
        else log('info', `Target ${target.url} of job "${config.jobName}" is up.`);
        onTargetState?.(statusOf(target, after));
      },
    });
    return { target, scraper, connection, dispose };
  }

  function update(configs: readonly ScrapeConfig[]): void {
    const { targets, problems } = buildTargets(configs);
    for (const problem of problems) log('error', problem);
    const wanted = new Map(targets.map((target) => [target.identity, target]));
    for (const [identity, one] of running) {
      const successor = wanted.get(identity);
      if (successor?.digest === one.target.digest) continue;
      one.dispose();
      one.connection.close();
      // A target whose settings alone changed keeps its series; the next scrape goes on with them.
      if (!successor) one.scraper.endSeries(clock.now());
      running.delete(identity);
    }
    for (const [identity, target] of wanted) {
      if (!running.has(identity)) running.set(identity, start(target));
    }
  }

  update(options.configs);
  return {
    targets: () => [...running.values()].map((one) => statusOf(one.target, one.scraper.state())),
    *metadata() {
      for (const { target, scraper } of running.values()) {
        for (const [metric, metadata] of scraper.metadata) yield { target: target.labels, metric, metadata };
      }
    },
    async scrapeNow(job, instance) {
      const one = [...running.values()].find(
        ({ target }) => target.labels['job'] === job && target.labels['instance'] === instance,
      );
      if (one === undefined) return null;
      const signal = AbortSignal.timeout(one.target.config.scrapeTimeoutMs);
      await one.scraper.scrape({ scheduledAt: clock.now(), lateMs: 0, signal });
      return statusOf(one.target, one.scraper.state());
    },
    update,
    stop() {
      for (const one of running.values()) {
        one.dispose();
        one.connection.close();
      }
      running.clear();
    },
  };
}

function statusOf(target: ScrapeTarget, state: TargetState): TargetStatus {
  return {
    scrapePool: target.config.jobName,
    scrapeUrl: target.url,
    labels: target.labels,
    discoveredLabels: target.discoveredLabels,
    scrapeIntervalMs: target.config.scrapeIntervalMs,
    scrapeTimeoutMs: target.config.scrapeTimeoutMs,
    ...state,
  };
}
