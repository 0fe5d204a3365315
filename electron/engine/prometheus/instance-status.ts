import { availableParallelism, hostname } from 'node:os';
import { formatDuration, formatSize, printConfiguration, type LoadedConfiguration } from '../config/index.ts';
import { goTime } from './go-time.ts';
import { MOST_QUERIES_AT_ONCE, QUERY_TIMEOUT_MS } from './query-answers.ts';

export interface InstanceFacts {
  readonly version: string;
  readonly dataDirectory: string;
  readonly startedAt: number;
  readonly externalUrl: () => string;
  readonly now: () => number;
  readonly configuration: {
    loaded(): Extract<LoadedConfiguration, { ok: true }>;
    loadedAt(): number;
    problems(): readonly unknown[];
  };
}

/** Clients switch features on by the version of Prometheus that they find; this is the one whose API is spoken here. */
export const PROMETHEUS_VERSION = '3.14.0';

/**
 * `data` of the calls below `/api/v1/status/` that are about this program; undefined for any other. What only a Go
 * program could say is left out, which its clients read as zero.
 */
export function instanceStatus(path: string, facts: InstanceFacts): unknown {
  switch (path) {
    case 'api/v1/status/buildinfo':
      return {
        version: PROMETHEUS_VERSION,
        revision: `vedette-${facts.version}`,
        branch: '',
        buildUser: '',
        buildDate: '',
        goVersion: '',
      };
    case 'api/v1/status/config':
      return { yaml: printConfiguration(facts.configuration.loaded()) };
    case 'api/v1/status/flags':
      return flags(facts);
    case 'api/v1/status/runtimeinfo':
      return runtime(facts);
    default:
      return undefined;
  }
}

function flags({ configuration, dataDirectory, externalUrl }: InstanceFacts): Record<string, string> {
  const { file, retention, promqlFeatures } = configuration.loaded().value;
  return {
    'config.file': file ?? '',
    'enable-feature': promqlFeatures.join(','),
    'query.lookback-delta': '5m',
    'query.max-concurrency': String(MOST_QUERIES_AT_ONCE),
    'query.max-samples': '50000000',
    'query.timeout': formatDuration(QUERY_TIMEOUT_MS),
    'storage.tsdb.path': dataDirectory,
    'storage.tsdb.retention.size': formatSize(retention.metrics.sizeBytes),
    'storage.tsdb.retention.time': formatDuration(retention.metrics.rawMs),
    'web.enable-admin-api': 'false',
    'web.enable-lifecycle': 'true',
    'web.enable-remote-write-receiver': 'true',
    'web.external-url': externalUrl(),
  };
}

function runtime({ configuration, startedAt, now }: InstanceFacts): Record<string, unknown> {
  const { retention } = configuration.loaded().value;
  return {
    startTime: goTime(startedAt),
    CWD: process.cwd(),
    hostname: hostname(),
    serverTime: goTime(now()),
    reloadConfigSuccess: configuration.problems().length === 0,
    lastConfigTime: goTime(configuration.loadedAt()),
    corruptionCount: 0,
    GOMAXPROCS: availableParallelism(),
    storageRetention: `${formatDuration(retention.metrics.rawMs)} or ${formatSize(retention.metrics.sizeBytes)}`,
  };
}
