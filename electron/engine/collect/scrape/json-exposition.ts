import type { JsonValue } from 'jsonpath-rfc9535';
import type { JsonMetric } from '../../config/json-metric.ts';

export type Translation =
  | { readonly ok: true; readonly body: Buffer }
  /** What is wrong with the answer, to be put behind its address. */
  | { readonly ok: false; readonly message: string };

/**
 * Write a JSON answer as the text format, by what the configuration says of it; the series are read from that as from
 * any other target, so that limits, relabelling and staleness hold for them too.
 *
 * A value that is missing, null or no number gives no sample, never a zero. When nothing is found at all, the scrape
 * fails: then the address or the paths are wrong.
 */
export async function translateJson(body: Buffer, metrics: readonly JsonMetric[]): Promise<Translation> {
  let document: JsonValue;
  try {
    document = JSON.parse(body.toString('utf8')) as JsonValue;
  } catch (error) {
    return { ok: false, message: `answered no JSON: ${error instanceof Error ? error.message : String(error)}.` };
  }
  // Loaded with the first such target: few have one.
  const { query } = await import('jsonpath-rfc9535');
  const select: Select = (value, path) => (PLAIN_PATH.test(path) ? walk(value, path) : query(value, path));
  const lines: string[] = [];
  const described = new Set<string>();
  let samples = 0;
  for (const metric of metrics) {
    const found = samplesOf(document, metric, select);
    samples += found.length;
    if (!described.has(metric.name)) lines.push(...comments(metric));
    described.add(metric.name);
    lines.push(...found);
  }
  if (samples > 0) return { ok: true, body: Buffer.from(`${lines.join('\n')}\n`) };
  const [first] = metrics;
  const path = first === undefined ? '$' : first.each === '$' ? first.value : first.each;
  return {
    ok: false,
    message: `answered JSON in which none of the json_metrics has a number; the first one is looked for at ${path}.`,
  };
}

type Select = (value: JsonValue, path: string) => JsonValue[];

/** Members alone, which most paths are; the library reads its path anew for each item. */
const PLAIN_PATH = /^\$(?:\.[A-Za-z_]\w*)*$/;

function walk(value: JsonValue, path: string): JsonValue[] {
  let current: JsonValue = value;
  for (const name of path.split('.').slice(1)) {
    if (typeof current !== 'object' || current === null || Array.isArray(current)) return [];
    if (!Object.hasOwn(current, name)) return [];
    current = current[name] as JsonValue; // checked just before
  }
  return [current];
}

function comments({ name, type, help, unit }: JsonMetric): string[] {
  const quoted = nameText(name);
  return [
    ...(help === '' ? [] : [`# HELP ${quoted} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`]),
    `# TYPE ${quoted} ${type === 'unknown' ? 'untyped' : type}`,
    ...(unit === '' ? [] : [`# UNIT ${quoted} ${unit}`]),
  ];
}

/** Lines in ascending time, as a series is written. */
function samplesOf(document: JsonValue, metric: JsonMetric, select: Select): string[] {
  const found: { readonly line: string; readonly timestampMs: number | null }[] = [];
  for (const item of select(document, metric.each)) {
    const [raw] = select(item, metric.value);
    const value = raw === undefined ? null : numberOf(raw, metric.map);
    if (value === null) continue;
    const timestampMs = metric.timestamp === null ? null : timeOf(select(item, metric.timestamp)[0]);
    // A time was promised; the time of the scrape in its place would be another fact.
    if (metric.timestamp !== null && timestampMs === null) continue;
    const line = `${seriesText(metric, item, select)} ${String(value * metric.scale)}`;
    found.push({ line, timestampMs });
  }
  return found
    .sort((a, b) => (a.timestampMs ?? 0) - (b.timestampMs ?? 0))
    .map(({ line, timestampMs }) => (timestampMs === null ? line : `${line} ${String(timestampMs)}`));
}

function seriesText({ name, labels }: JsonMetric, item: JsonValue, select: Select): string {
  const parts = Object.entries(labels).flatMap(([label, text]) => {
    const value = text.startsWith('$') ? labelText(select(item, text)[0]) : text;
    return value === '' ? [] : [`${nameText(label)}="${escaped(value)}"`];
  });
  const quoted = nameText(name);
  if (quoted !== name) return `{${[quoted, ...parts].join(',')}}`;
  return parts.length === 0 ? name : `${name}{${parts.join(',')}}`;
}

/** Names outside the classic alphabet are quoted. Source: Prometheus text format 1.0.0. */
function nameText(name: string): string {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) ? name : `"${escaped(name)}"`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function labelText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A number, a text that is one (a percent sign may follow), true or false, or a text that the map knows. */
function numberOf(value: JsonValue, map: JsonMetric['map']): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return map[String(value)] ?? (value ? 1 : 0);
  if (typeof value !== 'string') return null;
  if (Object.hasOwn(map, value)) return map[value] ?? null;
  const text = value.trim().replace(/\s*%$/, '');
  const number = Number(text);
  return text === '' || Number.isNaN(number) ? null : number;
}

/** Below this a number means seconds: as milliseconds it would be before the year 1973. */
const LEAST_MS = 100_000_000_000;

/** Epoch milliseconds of RFC 3339 or of Unix seconds or milliseconds. A time without a zone is in UTC. */
function timeOf(value: JsonValue | undefined): number | null {
  if (typeof value === 'number')
    return Number.isFinite(value) ? Math.round(value < LEAST_MS ? value * 1000 : value) : null;
  if (typeof value !== 'string') return null;
  if (/^\d+(?:\.\d+)?$/.test(value)) return timeOf(Number(value));
  const [, day, time = '00:00:00', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/i.exec(value.trim()) ?? [];
  const at = day === undefined ? NaN : Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(at) ? null : at;
}
