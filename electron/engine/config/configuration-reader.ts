import { basename, dirname } from 'node:path';
import type { NotifyConfig, RuleGroupConfig, ScrapeConfig } from './configuration.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import { expandPattern, hasWildcard, isFilePattern, resolveBeside } from './file-pattern.ts';
import type { ConfigFiles } from './file-pattern.ts';
import { rootOf } from './layers.ts';
import { loadRuleFile } from './load-rule-file.ts';
import type { LanguageChecks, RuleFileOptions } from './load-rule-file.ts';
import { warnNoEffect } from './no-effect.ts';
import { warnPlaceholders } from './placeholders.ts';
import { below, formatPath, problemAt } from './problem.ts';
import type { Findings, Path, Place } from './problem.ts';
import type { PromqlFeatureName } from './promql-features.ts';
import type { GlobalReading } from './read-global.ts';
import { DEFAULT_NOTIFY, readNotify } from './read-notify.ts';
import { readScrapeConfig } from './read-scrape-configs.ts';
import { scrapeConfigFile } from './schema/scrape-schema.ts';
import { texts } from './schema/values.ts';
import { validate } from './validate.ts';
import { isPlainMap, readYaml } from './yaml-source.ts';
import type { ConfigSource, PlainMap, PlainValue } from './yaml-source.ts';

export interface ReaderOptions extends LanguageChecks {
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One reading of a configuration: the files it has seen, what it found in them, and which part came from which. */
export class ConfigurationReader {
  readonly findings: Findings;
  /** Files and patterns in the order in which they were met. */
  readonly visited: string[] = [];
  #features: readonly PromqlFeatureName[] = [];
  readonly #files: ConfigFiles;
  readonly #options: ReaderOptions;
  /** Parts of the configuration that came from a file of their own. */
  readonly #mounts: { readonly prefix: string; readonly source: ConfigSource; readonly path: Path }[] = [];

  constructor(files: ConfigFiles, findings: Findings, options: ReaderOptions) {
    this.#files = files;
    this.findings = findings;
    this.#options = options;
  }

  /** Rules that are read from now on may use these parts of PromQL. */
  enableFeatures(features: readonly PromqlFeatureName[]): void {
    this.#features = features;
  }

  /** Read and parse a YAML file; null when that fails, with the problems in the findings. */
  async open(file: string, namedAt?: Place): Promise<ConfigSource | null> {
    const text = await this.#read(file, namedAt);
    if (text === null) return null;
    const reading = readYaml(text, file);
    if (!reading.ok) {
      this.findings.problems.push(...reading.problems);
      return null;
    }
    this.findings.warnings.push(...reading.warnings);
    return reading.source;
  }

  /** `scrape_configs` of the main file, then those of `scrape_config_files`. Job names are unique over all. */
  async readScrapeConfigs(
    main: PlainMap,
    root: Place,
    directory: string,
    global: GlobalReading,
  ): Promise<ScrapeConfig[]> {
    const jobs = new Map<string, Place>();
    const own = below(root, 'scrape_configs');
    const configs = this.#readJobs(main['scrape_configs'], own, directory, global, jobs);
    const patterns = below(root, 'scrape_config_files');
    // A file that is named twice is read twice, so that its jobs are reported as duplicates, as Prometheus does.
    for (const { file, place } of await this.#expand(main['scrape_config_files'], patterns, directory)) {
      const source = await this.open(file, place);
      if (source === null) continue;
      const fileRoot = rootOf(source);
      if (validate(scrapeConfigFile, source.value ?? {}, fileRoot, this.findings) === undefined) continue;
      const content = (source.value ?? {}) as PlainMap;
      this.findings.warnings.push(...warnNoEffect(content, fileRoot));
      const fromFile = below(fileRoot, 'scrape_configs');
      for (const index of (Array.isArray(content['scrape_configs']) ? content['scrape_configs'] : []).keys()) {
        const prefix = `scrape_configs[${String(configs.length + index)}]`;
        this.#mounts.push({ prefix, source, path: ['scrape_configs', index] });
      }
      configs.push(...this.#readJobs(content['scrape_configs'], fromFile, dirname(file), global, jobs));
    }
    return configs;
  }

  #readJobs(
    value: PlainValue | undefined,
    place: Place,
    directory: string,
    global: GlobalReading,
    jobs: Map<string, Place>,
  ): ScrapeConfig[] {
    return this.readList(
      value,
      place,
      'job_name',
      (entry, at) => readScrapeConfig(entry, at, directory, global, this.findings),
      jobs,
    );
  }

  /** Each entry of a list of mappings. An entry without fault but with a name that was used before is reported. */
  readList<T>(
    value: PlainValue | undefined,
    place: Place,
    nameKey: 'job_name' | 'name',
    read: (entry: PlainValue, place: Place) => T | null,
    seen = new Map<string, Place>(),
  ): T[] {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.findings.problems.push(problemAt(place, 'Expected a list.', 'Start each entry with "- ".'));
      return [];
    }
    return (value as readonly PlainValue[]).flatMap((entry, index) => {
      const at = below(place, index);
      const result = read(entry, at);
      const name = isPlainMap(entry) ? entry[nameKey] : undefined;
      if (typeof name === 'string' && name !== '') this.#checkUnique(name, below(at, nameKey), seen);
      return result === null ? [] : [result];
    });
  }

  #checkUnique(name: string, place: Place, seen: Map<string, Place>): void {
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, place);
      return;
    }
    const { file, line } = first.source.at(first.path);
    const message = `The name "${name}" is used twice; first at ${basename(file)}:${String(line)}.`;
    this.findings.problems.push(problemAt(place, message, 'Give each a name of its own.'));
  }

  async readRules(
    value: PlainValue | undefined,
    place: Place,
    directory: string,
    global: GlobalReading,
  ): Promise<{ readonly groups: RuleGroupConfig[]; readonly files: string[] }> {
    const groups: RuleGroupConfig[] = [];
    const files = new Set<string>();
    for (const { file, place: namedAt } of await this.#expand(value, place, directory)) {
      if (files.has(file)) continue;
      files.add(file);
      const text = await this.#read(file, namedAt);
      if (text !== null) groups.push(...this.#loadRules(text, file, global));
    }
    return { groups, files: [...files] };
  }

  /** The built-in rules; their file is `''`. */
  defaultRules(global: GlobalReading): readonly RuleGroupConfig[] {
    return this.#loadRules(DEFAULT_RULES, '', global);
  }

  #loadRules(text: string, file: string, global: GlobalReading): readonly RuleGroupConfig[] {
    const options: RuleFileOptions = {
      ...this.#options,
      promqlFeatures: this.#features,
      defaultIntervalMs: global.config.evaluationIntervalMs,
      defaultQueryOffsetMs: global.ruleQueryOffsetMs,
      nameScheme: global.nameScheme,
    };
    const loaded = loadRuleFile(text, file, options);
    this.findings.warnings.push(...loaded.warnings);
    if (loaded.ok) return loaded.value;
    this.findings.problems.push(...loaded.problems);
    return [];
  }

  /** `alertmanager` in place, or the file that `alertmanager_file` names. */
  async readNotifySection(main: PlainMap, root: Place, directory: string): Promise<NotifyConfig> {
    const inline = main['alertmanager'] ?? null;
    const file = main['alertmanager_file'] ?? null;
    const filePlace = below(root, 'alertmanager_file');
    if (inline !== null && file !== null) {
      const message = 'Both alertmanager and alertmanager_file are given.';
      this.findings.problems.push(problemAt(filePlace, message, 'Keep one of them.', 'key'));
      return DEFAULT_NOTIFY;
    }
    if (inline !== null) {
      return readNotify(inline, below(root, 'alertmanager'), directory, this.findings) ?? DEFAULT_NOTIFY;
    }
    if (file === null) return DEFAULT_NOTIFY;
    if (typeof file !== 'string') {
      this.findings.problems.push(problemAt(filePlace, 'Expected the path of a file.', 'Write one path.'));
      return DEFAULT_NOTIFY;
    }
    const path = resolveBeside(directory, file);
    const source = await this.open(path, filePlace);
    if (source === null) return DEFAULT_NOTIFY;
    this.#mounts.push({ prefix: 'alertmanager', source, path: [] });
    const fileRoot = rootOf(source);
    this.findings.warnings.push(...warnPlaceholders(source.value, fileRoot, this.#options.environment));
    return readNotify(source.value, fileRoot, dirname(path), this.findings) ?? DEFAULT_NOTIFY;
  }

  /** Where a value of the configuration stands; null when no file gives it. */
  originOf(path: Path, main: ConfigSource): string | null {
    const text = formatPath(path);
    const mount = this.#mounts.find(
      ({ prefix }) => text === prefix || (/^[.[]/.test(text.slice(prefix.length)) && text.startsWith(prefix)),
    );
    const source = mount?.source ?? main;
    const steps = mount === undefined ? path : [...mount.path, ...path.slice(stepsIn(mount.prefix))];
    if (!exists(source.value, steps)) return null;
    const { file, line } = source.at(steps);
    return line === 0 ? file : `${basename(file)}:${String(line)}`;
  }

  /** The files that a list of paths and patterns stands for. */
  async #expand(
    value: PlainValue | undefined,
    place: Place,
    directory: string,
  ): Promise<{ readonly file: string; readonly place: Place }[]> {
    const patterns = validate(texts, value ?? [], place, this.findings) ?? [];
    const found: { file: string; place: Place }[] = [];
    for (const [index, text] of patterns.entries()) {
      const at = below(place, index);
      if (!isFilePattern(text)) {
        const message = `"${text}" has a wildcard that is not in its last part.`;
        this.findings.problems.push(problemAt(at, message, 'Use * in the file name only.'));
        continue;
      }
      const pattern = resolveBeside(directory, text);
      const files = await expandPattern(pattern, this.#files);
      if (!this.visited.includes(pattern)) this.visited.push(pattern);
      if (files.length === 0) {
        const message = hasWildcard(text) ? `No file matches "${text}".` : `The file "${text}" does not exist.`;
        this.findings.warnings.push(problemAt(at, message, 'Correct the path; it is relative to this file.'));
      }
      found.push(...files.map((file) => ({ file, place: at })));
    }
    return found;
  }

  async #read(file: string, namedAt: Place | undefined): Promise<string | null> {
    if (!this.visited.includes(file)) this.visited.push(file);
    const report = (message: string, remedy: string): null => {
      const nowhere = { file, line: 0, column: 0, path: '', message, remedy };
      this.findings.problems.push(namedAt === undefined ? nowhere : problemAt(namedAt, message, remedy));
      return null;
    };
    try {
      const text = await this.#files.read(file);
      return text ?? report(`The file ${file} does not exist.`, 'Correct the path, or create the file.');
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      return report(
        `The file ${file} cannot be read (${String(error.code)}).`,
        'Allow reading it, or correct the path.',
      );
    }
  }
}

function stepsIn(prefix: string): number {
  return prefix.split(/\.|\[/).length;
}

function exists(value: PlainValue, path: Path): boolean {
  let current: unknown = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return false;
    current = (current as Readonly<Record<string, unknown>>)[step];
  }
  return current !== undefined;
}
