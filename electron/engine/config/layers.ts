import { below, formatPath } from './problem.ts';
import type { Findings, Path, Place, Position } from './problem.ts';
import { nearestWord } from './validate.ts';
import { isPlainMap } from './yaml-source.ts';
import type { ConfigSource, PlainMap, PlainValue } from './yaml-source.ts';

/**
 * The settings that a layer above the file may set, by their path. Lists (scrape configurations, checks, logs) come from
 * files alone: there is no readable way to write them into one variable.
 */
export const LAYERED_SETTINGS: readonly string[] = [
  'global.scrape_interval',
  'global.scrape_timeout',
  'global.evaluation_interval',
  'global.rule_query_offset',
  'host.enabled',
  'host.interval',
  'alertmanager_file',
  'promql.enable_features',
  'storage.metrics.max_series',
  'storage.metrics.max_series_per_metric',
  'storage.metrics.max_series_per_target',
  'retention.metrics.raw',
  'retention.metrics.5m',
  'retention.metrics.1h',
  'retention.metrics.size',
  'retention.logs.application',
  'retention.logs.error',
  'retention.logs.business',
  'retention.logs.access',
  'retention.logs.size',
];

const PREFIX = 'VEDETTE_';

/** `host.interval` → `VEDETTE_HOST_INTERVAL`. */
export function environmentName(setting: string): string {
  return PREFIX + setting.replaceAll('.', '_').toUpperCase();
}

export interface Layered {
  readonly source: ConfigSource;
  /** The layer that gave a setting, by its path: `VEDETTE_HOST_INTERVAL` or `command line`. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Lay the environment and then the command line over what the file says.
 *
 * @param overrides settings of the command line by path, such as `{ 'host.interval': '5s' }`
 */
export function applyLayers(
  file: ConfigSource,
  environment: Readonly<Record<string, string | undefined>>,
  overrides: Readonly<Record<string, string>>,
  findings: Findings,
): Layered {
  const origins = new Map<string, string>();
  let value = file.value;
  const set = (setting: string, text: string, origin: string): void => {
    value = withSetting(value, setting.split('.'), text);
    // The file that an upper layer names takes the place of the section, as with any other setting.
    if (setting === 'alertmanager_file' && isPlainMap(value)) value = { ...value, alertmanager: null };
    origins.set(setting, origin);
  };
  for (const setting of LAYERED_SETTINGS) {
    const text = environment[environmentName(setting)];
    if (text !== undefined) set(setting, text, environmentName(setting));
  }
  reportUnknownVariables(environment, findings);
  for (const [setting, text] of Object.entries(overrides)) {
    if (LAYERED_SETTINGS.includes(setting)) set(setting, text, COMMAND_LINE);
    else reportUnknownOverride(setting, findings);
  }
  const at = (path: Path, part?: 'key' | 'value'): Position => {
    const origin = origins.get(formatPath(path)) ?? origins.get(path.join('.'));
    return origin === undefined ? file.at(path, part) : { file: origin, line: 0, column: 0 };
  };
  return { source: { ...file, value, at }, origins };
}

const COMMAND_LINE = 'command line';

function withSetting(value: PlainValue, path: readonly string[], text: string): PlainMap {
  const [key = '', ...rest] = path;
  const map = isPlainMap(value) ? value : {};
  return { ...map, [key]: rest.length === 0 ? text : withSetting(map[key] ?? null, rest, text) };
}

/** A variable of another purpose (`VEDETTE_DATA`) is none of ours; one that starts like a section is a slip. */
function reportUnknownVariables(environment: Readonly<Record<string, string | undefined>>, findings: Findings): void {
  const known = LAYERED_SETTINGS.map(environmentName);
  for (const name of Object.keys(environment)) {
    if (!/^VEDETTE_(?:GLOBAL|HOST|RETENTION|ALERTMANAGER|PROMQL|STORAGE)_/.test(name) || known.includes(name)) continue;
    const nearest = nearestWord(name, known);
    findings.warnings.push({
      file: name,
      line: 0,
      column: 0,
      path: '',
      message: 'The environment variable sets nothing.',
      remedy: nearest === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean ${nearest}?`,
    });
  }
}

function reportUnknownOverride(setting: string, findings: Findings): void {
  const nearest = nearestWord(setting, LAYERED_SETTINGS);
  findings.problems.push({
    file: COMMAND_LINE,
    line: 0,
    column: 0,
    path: setting,
    message: 'There is no such setting on the command line.',
    remedy: nearest === undefined ? `Known are: ${LAYERED_SETTINGS.join(', ')}.` : `Did you mean "${nearest}"?`,
  });
}

/** The place of the whole of a source. */
export function rootOf(source: ConfigSource): Place {
  return below({ source, path: [] });
}
