import { hostname } from 'node:os';
import { storeRules } from '../configured.ts';
import { packSecrets, revealSecret, type Configuration, type SecretPorts } from '../config/index.ts';
import type { Log } from '../log.ts';
import type { LogsCalls } from './logs-calls.ts';
import type { LogsEvent } from './logs-events.ts';
import type { LogsStart } from './logs-thread.ts';
import type { MetricsCalls } from './metrics-calls.ts';
import type { MetricsEvent } from './metrics-events.ts';
import type { MetricsConfiguration } from './metrics-room.ts';
import type { MetricsStart } from './metrics-thread.ts';
import type { Clock } from '../schedule/index.ts';
import { startWorker, type WorkerLink, type WorkerStatus } from './worker-link.ts';

/** The files that the two threads run. */
export interface WorkerEntries {
  readonly metrics: URL;
  readonly logs: URL;
}

interface ThreadOptions<Start> {
  readonly entry: URL;
  readonly start: Start;
  readonly configuration: () => Configuration;
  readonly clock: Clock;
  readonly log: Log;
  readonly onStatus: (status: WorkerStatus) => void;
}

export interface MetricsThread {
  readonly link: WorkerLink<MetricsCalls>;
  configure(configuration: Configuration): Promise<void>;
}

/** The labels of this machine's own series. */
export const HOST_LABELS = { job: 'host', instance: hostname() } as const;

export async function startMetricsThread(
  options: ThreadOptions<MetricsStart> & {
    readonly secrets: SecretPorts;
    readonly externalUrl: () => string;
    /** Whether scraping is paused; a thread that begins has to be told. */
    readonly isPaused: () => boolean;
    /** A thread begins, for the first time or again: it knows nothing yet. */
    readonly onStart: () => void;
    readonly onEvent: (event: MetricsEvent) => void;
  },
): Promise<MetricsThread> {
  const configured = async (configuration: Configuration): Promise<{ packed: unknown }> => {
    const metrics: MetricsConfiguration = {
      scrapeConfigs: await Promise.all(configuration.scrapeConfigs.map((job) => withoutKeychain(job, options.secrets))),
      ruleGroups: configuration.ruleGroups,
      host: { ...configuration.host, labels: HOST_LABELS },
      externalLabels: configuration.global.externalLabels,
      evaluationIntervalMs: configuration.global.evaluationIntervalMs,
      externalUrl: options.externalUrl(),
      storeRules: storeRules(configuration),
      promqlFeatures: configuration.promqlFeatures,
      remoteWrite: await Promise.all(
        configuration.remoteWrite.map((server) => withoutKeychain(server, options.secrets)),
      ),
    };
    return { packed: packSecrets(metrics) };
  };
  const link = await startWorker<MetricsCalls, MetricsStart>({
    name: 'metrics',
    entry: options.entry,
    data: options.start,
    clock: options.clock,
    log: options.log,
    onStatus: options.onStatus,
    async onStart(client) {
      options.onStart();
      await client.configure(await configured(options.configuration()));
      if (options.isPaused()) await client.pause({ paused: true });
      follow(client.events(), options.onEvent, options.log);
    },
    onStop: (client) => client.close(),
  });
  return {
    link,
    async configure(configuration) {
      await link.client().configure(await configured(configuration));
    },
  };
}

export function startLogsThread(options: ThreadOptions<LogsStart>): Promise<WorkerLink<LogsCalls>> {
  return startWorker<LogsCalls, LogsStart>({
    name: 'logs',
    entry: options.entry,
    data: options.start,
    clock: options.clock,
    log: options.log,
    onStatus: options.onStatus,
    async onStart(client) {
      const { logs, retention } = options.configuration();
      await client.configure({ sources: logs, retention: retention.logs });
      follow(client.events(), (event: LogsEvent) => options.log(event.level, event.message, event.fields), options.log);
    },
    onStop: (client) => client.close(),
  });
}

/** Read a thread's events until it ends; its end is handled where threads are started. */
function follow<E>(events: Promise<AsyncIterable<E>>, onEvent: (event: E) => void, log: Log): void {
  const run = async (): Promise<void> => {
    for await (const event of await events) onEvent(event);
  };
  run().catch((error: unknown) => {
    log('debug', `The events of a thread ended: ${error instanceof Error ? error.message : String(error)}`);
  });
}

type Credentials = Pick<Configuration['scrapeConfigs'][number], 'basicAuth' | 'authorization'>;

/** Only the main thread can ask the keychain, so its secrets go along in memory. */
async function withoutKeychain<Server extends Credentials>(job: Server, secrets: SecretPorts): Promise<Server> {
  const resolve = async (secret: NonNullable<Credentials['authorization']>['credentials']): Promise<typeof secret> => {
    if (secret.kind !== 'keychain') return secret;
    const reading = await revealSecret(secret, secrets);
    // Left as it is, it is reported at the scrape, with the words of the keychain.
    return reading.ok ? { kind: 'inline', reveal: () => reading.value } : secret;
  };
  return {
    ...job,
    basicAuth: job.basicAuth === null ? null : { ...job.basicAuth, password: await resolve(job.basicAuth.password) },
    authorization:
      job.authorization === null
        ? null
        : { ...job.authorization, credentials: await resolve(job.authorization.credentials) },
  };
}
