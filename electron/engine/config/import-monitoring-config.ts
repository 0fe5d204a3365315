import { DEFAULT_GLOBAL } from './default-configuration.ts';
import { below, noFindings, problemAt } from './problem.ts';
import type { Findings, Path, Problem } from './problem.ts';
import { unknownKeyProblem } from './validate.ts';
import { isPlainMap, readYaml } from './yaml-source.ts';
import type { ConfigSource, PlainMap, PlainValue } from './yaml-source.ts';

/**
 * The form `monitoring_config.json`: `logging`, `performance` and `alerting.notifications`, as small monitoring tools
 * write it. It is told from a main file by its sections, which no main file has in this shape.
 */
export function isMonitoringConfig(value: PlainValue): boolean {
  if (!isPlainMap(value) || MAIN_SECTIONS.some((key) => key in value)) return false;
  const { alerting } = value;
  return 'logging' in value || 'performance' in value || (isPlainMap(alerting) && 'notifications' in alerting);
}

/** A file with one of these is a main file, and `logging` in it is a slip. */
const MAIN_SECTIONS = ['global', 'scrape_configs', 'rule_files', 'checks', 'logs', 'host', 'alertmanager', 'retention'];

export type ImportedMonitoringConfig =
  | {
      readonly ok: true;
      /** The sections of a main file that say the same. */
      readonly sections: PlainMap;
      readonly warnings: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Translate the text of a `monitoring_config.json` into the sections of a main file. */
export function importMonitoringConfig(text: string, file = 'monitoring_config.json'): ImportedMonitoringConfig {
  const reading = readYaml(text, file);
  if (!reading.ok) return reading;
  const findings = noFindings();
  const source = monitoringConfigSource(reading.source, findings);
  if (findings.problems.length > 0) return { ok: false, problems: findings.problems };
  return { ok: true, sections: (source.value ?? {}) as PlainMap, warnings: findings.warnings };
}

/** Keys of the old form, the place in the main file that says the same, and how the value is written there. */
const TRANSLATIONS: readonly {
  readonly from: Path;
  readonly to: readonly Path[];
  readonly write: (value: string) => string;
}[] = [
  {
    from: ['logging', 'retention_days'],
    to: ['application', 'error', 'business', 'access'].map((type) => ['retention', 'logs', type]),
    write: (days) => `${days}d`,
  },
  { from: ['performance', 'collection_interval'], to: [['host', 'interval']], write: (seconds) => `${seconds}s` },
  { from: ['performance', 'auto_start'], to: [['host', 'enabled']], write: (value) => value },
];

/** The same file read as sections of a main file; problems keep their place in the file as it is written. */
export function monitoringConfigSource(source: ConfigSource, findings: Findings): ConfigSource {
  const root = { source, path: [] };
  const original = new Map<string, Path>();
  let value: PlainMap = { global: DEFAULT_GLOBAL };
  for (const { from, to, write } of TRANSLATIONS) {
    const given = valueAt(source.value, from);
    if (given === undefined || given === null) continue;
    if (typeof given !== 'string') {
      findings.problems.push(problemAt(below(root, ...from), 'Expected a single value.', 'Write a number or true.'));
      continue;
    }
    for (const path of to) {
      original.set(path.join('.'), from);
      value = withValue(value, path, write(given));
    }
  }
  report(source, findings);
  const at: ConfigSource['at'] = (path, part) => source.at(original.get(path.join('.')) ?? path, part);
  return { file: source.file, value, at, inside: source.inside };
}

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  logging: ['level', 'retention_days'],
  performance: ['collection_interval', 'auto_start'],
  alerting: ['notifications'],
};

function report(source: ConfigSource, findings: Findings): void {
  const root = { source, path: [] };
  for (const [section, entries] of Object.entries(source.value as PlainMap)) {
    const known = KNOWN[section];
    if (known === undefined) {
      findings.problems.push(unknownKeyProblem(below(root, section), section, Object.keys(KNOWN)));
      continue;
    }
    for (const key of Object.keys(isPlainMap(entries) ? entries : {})) {
      if (!known.includes(key)) findings.problems.push(unknownKeyProblem(below(root, section, key), key, known));
    }
  }
  const level = valueAt(source.value, ['logging', 'level']);
  if (typeof level === 'string' && level.toUpperCase() !== 'INFO') {
    const place = below(root, 'logging', 'level');
    findings.warnings.push(
      problemAt(place, '"level" has no effect yet.', 'The program logs at the level INFO.', 'key'),
    );
  }
  const notifications = valueAt(source.value, ['alerting', 'notifications']);
  for (const [kind, settings] of Object.entries(isPlainMap(notifications) ? notifications : {})) {
    if (!isPlainMap(settings) || settings['enabled'] === 'false') continue;
    const place = below(root, 'alerting', 'notifications', kind);
    const message = `Nothing can be sent through ${kind} yet.`;
    findings.warnings.push(problemAt(place, message, 'Alerts are shown as popups on the desktop.', 'key'));
  }
}

function valueAt(value: PlainValue | undefined, path: Path): PlainValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  return isPlainMap(value) ? valueAt(value[step], rest) : undefined;
}

function withValue(map: PlainMap, path: Path, text: string): PlainMap {
  const [step = '', ...rest] = path;
  const inner = map[step];
  return { ...map, [step]: rest.length === 0 ? text : withValue(isPlainMap(inner) ? inner : {}, rest, text) };
}
