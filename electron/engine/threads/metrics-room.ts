import { join } from 'node:path';
import type { LabelRecord } from '../../../shared/model/labels.ts';
import { relabelAlerts, startRuleGroups, type RuleGroups } from '../alert/rules/index.ts';
import { createHostSampler, type HostSampler } from '../collect/host/host-sampler.ts';
import { startScraping, type Scraping, type TargetStatus } from '../collect/scrape/index.ts';
import type { PromqlFeatureName } from '../config/promql-features.ts';
import type { HostConfig, RemoteWriteConfig, RuleGroupConfig, ScrapeConfig } from '../config/configuration.ts';
import type { RelabelStep } from '../config/relabel-step.ts';
// Not through the index, which brings the YAML and schema libraries into this thread.
import { revealSecret, type SecretPorts } from '../config/secret.ts';
import type { Log } from '../log.ts';
import type { MetricsEvent } from './metrics-events.ts';
import {
  type Cancellation,
  createParseCache,
  type PromqlFeature,
  promqlFeatures,
  queryInstant,
  type QueryOptions,
  type QueryOutcome,
  queryRange,
} from '../query/promql/index.ts';
import type { RemoteWriteReply, RemoteWriteRequest } from '../prometheus/endpoint.ts';
import { createSampleReceiver } from '../remote/receive-samples.ts';
import { createRemoteWriting } from '../remote/remote-writing.ts';
import type { SenderStatus } from '../remote/remote-sender.ts';
import { createBatchReceiver, type SampleBatch } from '../remote/remote-sink.ts';
import { createScheduler, type Clock, type Scheduler } from '../schedule/index.ts';
import { countSamples, type SampleFlow } from './sample-flow.ts';
import { openMetricStore, type MetricStore, type StoreRules } from '../store/metrics/index.ts';

/** What the metrics thread is told to do; a new one replaces the last. */
export interface MetricsConfiguration {
  readonly scrapeConfigs: readonly ScrapeConfig[];
  readonly ruleGroups: readonly RuleGroupConfig[];
  readonly host: HostConfig & { readonly labels: LabelRecord };
  readonly externalLabels: LabelRecord;
  readonly externalUrl: string;
  readonly remoteWrite: readonly RemoteWriteConfig[];
  readonly alertRelabelSteps: readonly RelabelStep[];
  /** What the store keeps, and how many series it takes. */
  readonly storeRules: StoreRules;
  readonly promqlFeatures: readonly PromqlFeatureName[];
  /** The step of a subquery that names none. */
  readonly evaluationIntervalMs: number;
}

export interface MetricsRoomOptions {
  readonly dataDirectory: string;
  readonly version: string;
  readonly storeRules: StoreRules;
  readonly clock: Clock;
  readonly log: Log;
  readonly emit: (event: MetricsEvent) => void;
  readonly secrets: SecretPorts;
}

/** The rooms that live in the metrics thread, connected. */
export interface MetricsRoom {
  readonly store: MetricStore;
  readonly scheduler: Scheduler;
  /** Samples written since the start, and per second over the last minute. */
  flow(): SampleFlow;
  configure(configuration: MetricsConfiguration): void;
  append(batch: SampleBatch): void;
  /** Take samples that another program sends. */
  receive(request: RemoteWriteRequest): RemoteWriteReply;
  /** How sending to other servers goes. */
  remoteWriting(): readonly SenderStatus[];
  externalLabels(): LabelRecord;
  /** Experimental parts of PromQL that are switched on. */
  promqlFeatures(): ReadonlySet<PromqlFeature>;
  instant(expr: string, timeMs: number, limits: QueryRun): Promise<QueryOutcome>;
  range(expr: string, startMs: number, endMs: number, stepMs: number, limits: QueryRun): Promise<QueryOutcome>;
  targets(): readonly TargetStatus[];
  /** @param id `target:<job>/<instance>`; null when nothing has it or scraping is paused */
  scrapeNow(id: string): Promise<TargetStatus | null>;
  readonly scraping: Scraping;
  rules(): RuleGroups;
  host(): HostSampler | null;
  pause(paused: boolean): void;
  close(): void;
}

export interface QueryRun {
  readonly timeoutMs?: number;
  readonly lookbackMs?: number | null;
  readonly explains?: boolean;
  readonly countsSamples?: boolean;
  readonly signal?: Cancellation;
}

const COMMIT_EVERY_MS = 1_000;
const RETENTION_EVERY_MS = 60_000;
const HOST_SLOW_EVERY_MS = 30_000;
/** Further looks at the machine right after the start. */
const EARLY_SAMPLES_MS = [1_200, 2_400];
/** Scrapes at once, in all and towards one machine. */
const LIMITS = { global: 100, perHost: 20 };

/** Open the store and connect the rooms; nothing is collected before the first {@link MetricsRoom.configure}. */
export function openMetricsRoom(options: MetricsRoomOptions): MetricsRoom {
  const { clock, log, emit } = options;
  const store = openMetricStore({
    file: join(options.dataDirectory, 'metrics.db'),
    log,
    clock,
    ...options.storeRules,
  });
  const scheduler = createScheduler({
    clock,
    log,
    limits: LIMITS,
    onGap(gap) {
      rules?.gap(gap.fromMs, gap.toMs);
      emit({ kind: 'gap', fromMs: gap.fromMs, toMs: gap.toMs });
    },
  });
  const userAgent = `Vedette/${options.version}`;
  const remote = createRemoteWriting({
    store,
    file: join(options.dataDirectory, 'remote-write.db'),
    revealSecret: (secret) => revealSecret(secret, options.secrets),
    environment: options.secrets.environment,
    userAgent,
    clock,
    log,
  });
  const sink = countSamples(remote.sink, clock);
  const scraping = startScraping({
    configs: [],
    sink,
    scheduler,
    clock,
    log,
    revealSecret: (secret) => revealSecret(secret, options.secrets),
    environment: options.secrets.environment,
    onTargetState: () => emit({ kind: 'targets' }),
    onTargets: () => emit({ kind: 'targets' }),
    userAgent,
  });
  const receiveSamples = createSampleReceiver({ sink, refused: () => store.refused(), commit, clock });
  const receive = createBatchReceiver(sink);
  let configuration: MetricsConfiguration | null = null;
  let rules: RuleGroups | null = null;
  let host: { readonly key: string; readonly sampler: HostSampler; readonly dispose: () => void } | null = null;
  let pausedTargets: readonly TargetStatus[] | null = null;

  let language: QueryLanguage = {};
  const instant: MetricsRoom['instant'] = (expr, timeMs, run) =>
    queryInstant(store, expr, { clock, timeMs, ...language, ...withoutNulls(run) });
  const range: MetricsRoom['range'] = (expr, startMs, endMs, stepMs, run) =>
    queryRange(store, expr, { clock, startMs, endMs, stepMs, ...language, ...withoutNulls(run) });

  scheduler.every({ key: 'commit', intervalMs: COMMIT_EVERY_MS, run: commit });
  scheduler.every({ key: 'retention', intervalMs: RETENTION_EVERY_MS, run: () => void store.enforceRetention() });

  function commit(): void {
    // What is stored but not queued would never be sent, should the program end between the two.
    remote.flush();
    store.commit();
    sink.mark();
  }

  function configureRules(next: MetricsConfiguration): void {
    const isSame =
      configuration?.externalUrl === next.externalUrl &&
      isSameData(configuration.externalLabels, next.externalLabels) &&
      isSameData(configuration.alertRelabelSteps, next.alertRelabelSteps);
    if (rules !== null && isSame) {
      rules.update(next.ruleGroups);
      return;
    }
    rules?.stop();
    rules = startRuleGroups({
      groups: next.ruleGroups,
      scheduler,
      query: (expression, timeMs, signal) => instant(expression, timeMs, { signal }),
      sink,
      source: store,
      clock,
      log,
      externalLabels: next.externalLabels,
      externalUrl: next.externalUrl,
      onAlerts: (alerts) => emit({ kind: 'alerts', alerts: relabelAlerts(alerts, next.alertRelabelSteps) }),
    });
  }

  function configureHost(next: MetricsConfiguration['host']): void {
    const key = next.enabled ? JSON.stringify(next) : '';
    if (key === (host?.key ?? '')) return;
    host?.dispose();
    host = next.enabled ? startHost(key, next) : null;
  }

  function startHost(key: string, config: MetricsConfiguration['host']): NonNullable<typeof host> {
    const { intervalMs, labels, processes: watches } = config;
    const sampler = createHostSampler({ sink, clock, log, labels, watches });
    const ends = [
      scheduler.every({ key: 'host', intervalMs, isEager: true, run: (tick) => sampler.sample(tick.scheduledAt) }),
      scheduler.every({
        key: 'host (slow)',
        intervalMs: Math.max(intervalMs, HOST_SLOW_EVERY_MS),
        isEager: true,
        run: (tick) => sampler.sampleSlow(tick.scheduledAt),
      }),
    ];
    // A rate needs two samples: the first chart is drawn after seconds, not after the second interval.
    for (const delayMs of EARLY_SAMPLES_MS) {
      ends.push(clock.after(delayMs, () => void sampler.sample(clock.now())));
    }
    return {
      key,
      sampler,
      dispose() {
        for (const end of ends) end();
        sampler.endSeries(clock.now());
        sampler.close();
      },
    };
  }

  return {
    store,
    scheduler,
    scraping,
    flow: () => sink.flow(),
    configure(next) {
      if (pausedTargets === null) scraping.update(next.scrapeConfigs);
      configureHost(next.host);
      store.configure(next.storeRules);
      remote.configure(next.remoteWrite, next.externalLabels);
      configureRules(next);
      configuration = next;
      language = languageOf(next);
    },
    append: receive,
    receive: receiveSamples,
    remoteWriting: () => remote.status(),
    promqlFeatures: () => promqlFeatures(configuration?.promqlFeatures ?? []),
    externalLabels: () => configuration?.externalLabels ?? {},
    instant,
    range,
    targets: () => pausedTargets ?? scraping.targets(),
    async scrapeNow(id) {
      const [, job, instance] = /^target:([^/]*)\/(.*)$/.exec(id) ?? [];
      return job === undefined || instance === undefined ? null : scraping.scrapeNow(job, instance);
    },
    rules() {
      if (rules === null) throw new Error('The rules were asked for before the first configuration.');
      return rules;
    },
    host: () => host?.sampler ?? null,
    pause(paused) {
      if (paused && pausedTargets === null) {
        pausedTargets = scraping.targets();
        scraping.stop();
      } else if (!paused && pausedTargets !== null) {
        pausedTargets = null;
        scraping.update(configuration?.scrapeConfigs ?? []);
      }
    },
    close() {
      rules?.stop();
      scraping.stop();
      scheduler.stop();
      // The host's series stay open: the next start goes on with them.
      host?.sampler.close();
      remote.close();
      store.close();
    },
  };
}

/** What the configuration says about every query. */
type QueryLanguage = Pick<QueryOptions, 'subqueryStepMs' | 'features' | 'delaysNameRemoval' | 'parse'>;

function languageOf({ evaluationIntervalMs, promqlFeatures: names }: MetricsConfiguration): QueryLanguage {
  const features = promqlFeatures(names);
  return {
    subqueryStepMs: evaluationIntervalMs,
    features,
    delaysNameRemoval: names.includes('promql-delayed-name-removal'),
    parse: createParseCache(features),
  };
}

function withoutNulls({
  lookbackMs,
  ...run
}: QueryRun): Omit<QueryRun, 'lookbackMs'> & { readonly lookbackMs?: number } {
  return lookbackMs === undefined || lookbackMs === null ? run : { ...run, lookbackMs };
}

function isSameData(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
