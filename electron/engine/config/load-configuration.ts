import { readFile as readNodeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type {
  CheckConfig,
  Configuration,
  LogSourceConfig,
  RemoteQueryConfig,
  RemoteWriteConfig,
} from './configuration.ts';
import { DEFAULT_GLOBAL, withSelfScrape } from './default-configuration.ts';
import { ConfigurationReader } from './configuration-reader.ts';
import { nodeConfigFiles, resolveBeside } from './file-pattern.ts';
import type { ConfigFiles } from './file-pattern.ts';
import { isMonitoringConfig, monitoringConfigSource } from './import-monitoring-config.ts';
import { applyLayers, rootOf } from './layers.ts';
import type { LanguageChecks } from './load-rule-file.ts';
import { warnNoEffect } from './no-effect.ts';
import { warnPlaceholders } from './placeholders.ts';
import { below, noFindings, sortProblems } from './problem.ts';
import type { Path, Place, Problem } from './problem.ts';
import { checkHttpClient } from './read-credentials.ts';
import { readGlobal } from './read-global.ts';
import { readRemoteQuery, readRemoteWrite } from './read-remote.ts';
import { readCheck, readHost, readLogSource, readPromqlFeatures, readRetention, readStorage } from './read-sections.ts';
import * as prometheus from './schema/prometheus-schema.ts';
import { strict, texts } from './schema/values.ts';
import { validate } from './validate.ts';
import type { ConfigSource, PlainMap, PlainValue } from './yaml-source.ts';

export interface LoadOptions extends LanguageChecks {
  /** The main file; null for the defaults alone. */
  readonly file: string | null;
  /** Settings of the command line by path, such as `{ 'host.interval': '5s' }`. */
  readonly overrides?: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How a file is read; a missing one throws ENOENT. The default reads UTF-8 from the disk. */
  readonly readFile?: (path: string) => Promise<string>;
  /** Replaces the file system altogether; `readFile` is not used then. */
  readonly files?: ConfigFiles;
  /** `host:port` of the program's own metrics; absent when they are not served. */
  readonly selfAddress?: string;
  /** Finds the fault of a JSON condition of a check (`$.status == "ok"`); null when it has none. */
  readonly checkCondition?: (text: string) => { readonly message: string } | null;
}

export type LoadedConfiguration =
  | {
      readonly ok: true;
      readonly value: Configuration;
      readonly warnings: readonly Problem[];
      /** Where a value came from (`vedette.yml:12`, `VEDETTE_HOST_INTERVAL`); null for a default. By path as in the file. */
      readonly originOf: (path: Path) => string | null;
    }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      readonly warnings: readonly Problem[];
      /** What was read so far, so that a correction of any of it is noticed. */
      readonly watchedFiles: readonly string[];
    };

/**
 * Read the main file and everything that it names, lay the environment and the command line over it, and check it all.
 *
 * Every problem of every file is returned at once, by file in the order of reading and then by place.
 */
export async function loadConfiguration(options: LoadOptions): Promise<LoadedConfiguration> {
  const file = options.file === null ? null : resolve(options.file);
  const findings = noFindings();
  const reader = new ConfigurationReader(
    options.files ?? nodeConfigFiles(options.readFile ?? ((path) => readNodeFile(path, 'utf8'))),
    findings,
    options,
  );
  const fail = (): LoadedConfiguration => ({
    ok: false,
    problems: sortProblems(findings.problems, reader.visited),
    warnings: sortProblems(findings.warnings, reader.visited),
    watchedFiles: reader.visited,
  });

  const opened = file === null ? NO_FILE : await reader.open(file);
  if (opened === null) return fail();
  const isMonitoring = isMonitoringConfig(opened.value);
  const main = isMonitoring ? monitoringConfigSource(opened, findings) : opened;
  const { source, origins } = applyLayers(main, options.environment, options.overrides ?? {}, findings);
  const usesDefaultRules = file === null || isMonitoring;
  const value = await readAll(source, file, usesDefaultRules, reader, options);
  if (findings.problems.length > 0 || value === null) return fail();
  return {
    ok: true,
    value,
    warnings: sortProblems(findings.warnings, reader.visited),
    originOf: (path) => origins.get(path.join('.')) ?? reader.originOf(path, source),
  };
}

const NO_FILE: ConfigSource = {
  file: '',
  value: { global: DEFAULT_GLOBAL },
  at: () => ({ file: 'defaults', line: 0, column: 0 }),
  inside: () => ({ file: 'defaults', line: 0, column: 0 }),
};

async function readAll(
  source: ConfigSource,
  file: string | null,
  usesDefaultRules: boolean,
  reader: ConfigurationReader,
  options: LoadOptions,
): Promise<Configuration | null> {
  const { findings } = reader;
  const root = rootOf(source);
  const directory = file === null ? process.cwd() : dirname(file);
  if (validate(mainFile, source.value ?? {}, root, findings) === undefined && !isMapping(source.value)) return null;
  const main = (source.value ?? {}) as PlainMap;
  const at = (key: string): Place => below(root, key);
  findings.warnings.push(...warnNoEffect(main, root), ...warnPlaceholders(main, root, options.environment));

  const global = readGlobal(main['global'], at('global'), options.environment, findings);
  const nameScheme = global.nameScheme;
  const storage = checkPrometheusSections(main, root, reader);
  const promqlFeatures = readPromqlFeatures(main['promql'], at('promql'), findings);
  reader.enableFeatures(promqlFeatures);
  const scrapeConfigs = await reader.readScrapeConfigs(main, root, directory, global);
  const rules = usesDefaultRules
    ? { groups: reader.defaultRules(global), files: [] }
    : await reader.readRules(main['rule_files'], at('rule_files'), directory, global);
  const checks = reader.readList<CheckConfig>(main['checks'], at('checks'), 'name', (entry, place) =>
    readCheck(entry, place, nameScheme, options.checkCondition ?? (() => null), findings),
  );
  const logs = reader.readList<LogSourceConfig>(main['logs'], at('logs'), 'name', (entry, place) =>
    readLogSource(entry, place, directory, nameScheme, findings),
  );
  const remoteWrite = reader.readList<RemoteWriteConfig>(
    main['remote_write'],
    at('remote_write'),
    'name',
    (entry, place) => readRemoteWrite(entry, place, directory, findings),
  );
  const remoteQuery = reader.readList<RemoteQueryConfig>(
    main['remote_query'],
    at('remote_query'),
    'name',
    (entry, place) => readRemoteQuery(entry, place, directory, findings),
  );
  const notify = await reader.readNotifySection(main, root, directory);
  const dashboards = validate(texts, main['dashboards'] ?? [], at('dashboards'), findings) ?? [];
  return {
    file,
    global: global.config,
    scrapeConfigs: withSelfScrape(scrapeConfigs, options.selfAddress, global.config),
    ruleGroups: rules.groups,
    host: readHost(main['host'], at('host'), findings),
    checks,
    logs,
    notify,
    retention: readRetention(main['retention'], at('retention'), storage, findings),
    storage: readStorage(storage),
    promqlFeatures,
    remoteWrite,
    remoteQuery,
    dashboards: dashboards.map((pattern) => resolveBeside(directory, pattern)),
    ruleFiles: rules.files,
    watchedFiles: reader.visited,
  };
}

/** Sections of Prometheus that are checked in shape alone. */
const SHAPES = {
  runtime: prometheus.runtimeSection,
  tracing: prometheus.tracingSection,
  otlp: prometheus.otlpSection,
};

const any = z.unknown().optional();

/** The keys of the main file; each section is checked by its own reader, so that one does not hide another's faults. */
const mainFile = strict({
  ...Object.fromEntries(Object.keys(SHAPES).map((key) => [key, any])),
  alerting: any,
  remote_write: any,
  remote_read: any,
  remote_query: any,
  global: any,
  scrape_configs: any,
  scrape_config_files: any,
  rule_files: any,
  storage: any,
  checks: any,
  logs: any,
  host: any,
  alertmanager: any,
  alertmanager_file: any,
  dashboards: any,
  retention: any,
  promql: any,
});

function checkPrometheusSections(
  main: PlainMap,
  root: Place,
  { findings }: ConfigurationReader,
): prometheus.RawStorage | undefined {
  const read = <Schema extends z.ZodType>(key: string, schema: Schema): z.output<Schema> | undefined =>
    validate(schema, main[key] ?? undefined, below(root, key), findings);
  for (const [key, schema] of Object.entries(SHAPES)) read(key, schema.optional());
  const clients = {
    remote_read: read('remote_read', prometheus.remoteReadSection.optional()),
    'alerting.alertmanagers': read('alerting', prometheus.alertingSection.optional())?.alertmanagers,
  };
  for (const [path, entries] of Object.entries(clients)) {
    for (const [index, client] of (entries ?? []).entries()) {
      checkHttpClient(client, below(root, ...path.split('.'), index), findings);
    }
  }
  return validate(prometheus.storageSection, main['storage'] ?? {}, below(root, 'storage'), findings);
}

function isMapping(value: PlainValue): boolean {
  return value === null || (typeof value === 'object' && !Array.isArray(value));
}
