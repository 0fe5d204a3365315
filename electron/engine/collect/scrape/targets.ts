import { Resolver } from 'node:dns/promises';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { ScrapeConfig } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock, Scheduler } from '../../schedule/index.ts';
import type { Environment } from '../http/choose-proxy.ts';
import { createTokenSources } from '../http/http-client.ts';
import type { RevealSecret } from '../reveal-secret.ts';
import type { RowSink } from '../sample-sink.ts';
import { createJobSources } from '../targets/index.ts';
import type { DiscoveryStatus, SourcePorts } from '../targets/index.ts';
import { createBodyMemory } from './body-memory.ts';
import type { ScrapeTarget } from './build-targets.ts';
import { createFailureLog } from './failure-log.ts';
import { connectTarget } from './fetch-exposition.ts';
import type { TargetConnection } from './fetch-exposition.ts';
import type { MetricMetadata } from './metadata.ts';
import { createColumns } from './parse-exposition.ts';
import { createTargetScraper } from './scrape-target.ts';
import type { TargetScraper, TargetState } from './scrape-target.ts';
import { createTargetPools } from './target-pools.ts';
import type { DroppedTargets } from './target-pools.ts';
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
  /** The names of all jobs, those without a target included. */
  pools(): readonly string[];
  /** What relabelling dropped, by job. */
  dropped(): readonly DroppedTargets[];
  /** How finding targets goes. */
  discoveries(): readonly DiscoveryStatus[];
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
  /** Called when a discovery made targets come or go. */
  readonly onTargets?: () => void;
  readonly userAgent?: string;
  /** Where proxies may be named. */
  readonly environment?: Environment;
  /** The default asks the system's name servers. */
  readonly createResolver?: SourcePorts['createResolver'];
}

interface Running {
  readonly target: ScrapeTarget;
  readonly scraper: TargetScraper;
  readonly connection: TargetConnection;
  readonly dispose: () => void;
}

/** Discoveries that change together lead to one look at the targets. */
const SETTLE_MS = 20;
const RESOLVER = { timeout: 5_000, tries: 2 };

export function startScraping(options: ScrapingOptions): Scraping {
  const { sink, scheduler, clock, log, onTargetState, onTargets } = options;
  const ports: SourcePorts = {
    clock,
    log,
    revealSecret: options.revealSecret,
    environment: options.environment ?? {},
    userAgent: options.userAgent ?? 'Vedette',
    createResolver: options.createResolver ?? (() => new Resolver(RESOLVER)),
  };
  const tokenSources = createTokenSources(ports);
  const columns = createColumns<TrackedSeries>();
  const memory = createBodyMemory();
  const running = new Map<string, Running>();
  const failures = createFailureLog(log);
  const pools = createTargetPools((jobName) => sources.groups(jobName), log);
  const sources = createJobSources(ports, (jobName) => {
    pools.mark(jobName);
    cancelSettle ??= clock.after(SETTLE_MS, () => {
      cancelSettle = null;
      follow();
      onTargets?.();
    });
  });
  let cancelSettle: (() => void) | null = null;

  function start(target: ScrapeTarget): Running {
    const { config, url } = target;
    const { jobName, failureLogFile } = config;
    const direct = connectTarget(target, { ...ports, tokenSources }, memory);
    const connection: TargetConnection = {
      fetch(signal) {
        const message = pools.blocked(jobName);
        return message === null ? direct.fetch(signal) : Promise.resolve({ ok: false, message });
      },
      giveBack: (body) => direct.giveBack(body),
      close: () => direct.close(),
    };
    const scraper = createTargetScraper({ target, connection, sink, columns, clock });
    const dispose = scheduler.every({
      key: target.identity,
      intervalMs: target.scrapeIntervalMs,
      timeoutMs: target.scrapeTimeoutMs,
      host: new URL(url).hostname,
      isEager: true,
      async run(tick) {
        const before = scraper.state();
        await scraper.scrape(tick);
        const after = scraper.state();
        if (after.lastError !== '' && failureLogFile !== null) {
          failures.add(failureLogFile, { atMs: clock.now(), job: jobName, url, message: after.lastError });
        }
        if (after.health === before.health && after.lastError === before.lastError) return;
        if (after.health === 'down') log('warn', `Target ${url} of job "${jobName}" is down: ${after.lastError}`);
        else log('info', `Target ${url} of job "${jobName}" is up.`);
        onTargetState?.(statusOf(target, after));
      },
    });
    return { target, scraper, connection, dispose };
  }

  /** Begin and end scrapes until they are those of the pools. */
  function follow(): void {
    const wanted = new Map(pools.build().map((target) => [target.identity, target]));
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

  function update(configs: readonly ScrapeConfig[]): void {
    sources.update(configs);
    pools.configure(configs);
    follow();
    tokenSources.keepOnly(configs.map(({ oauth2 }) => oauth2));
  }

  update(options.configs);
  return {
    targets: () => [...running.values()].map((one) => statusOf(one.target, one.scraper.state())),
    pools: () => pools.jobs(),
    dropped: () => pools.dropped(),
    discoveries: () => sources.status(),
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
      const signal = AbortSignal.timeout(one.target.scrapeTimeoutMs);
      await one.scraper.scrape({ scheduledAt: clock.now(), lateMs: 0, signal });
      return statusOf(one.target, one.scraper.state());
    },
    update,
    stop() {
      cancelSettle?.();
      cancelSettle = null;
      sources.stop();
      for (const one of running.values()) {
        one.dispose();
        one.connection.close();
      }
      running.clear();
      tokenSources.keepOnly([]);
    },
  };
}

function statusOf(target: ScrapeTarget, state: TargetState): TargetStatus {
  return {
    scrapePool: target.config.jobName,
    scrapeUrl: target.url,
    labels: target.labels,
    discoveredLabels: target.discoveredLabels,
    scrapeIntervalMs: target.scrapeIntervalMs,
    scrapeTimeoutMs: target.scrapeTimeoutMs,
    ...state,
  };
}
