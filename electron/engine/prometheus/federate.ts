import { labelPairs, labelValue, METRIC_NAME, type LabelRecord } from '../../../shared/model/labels.ts';
import { bitsOf, isStaleAt } from '../../../shared/model/stale-marker.ts';
import { formatGoFloat } from '../query/promql/index.ts';
import type { SampleSource, SeriesColumns } from '../store/metrics/sample-source.ts';
import { BadParameter, selectorsParam, type Params } from './params.ts';
import type { TextReply } from './reply.ts';

export interface FederationOptions {
  readonly source: SampleSource;
  readonly nowMs: number;
  /** Given to series that lack them, so that the other server can tell where they come from. */
  readonly externalLabels: LabelRecord;
}

const LOOKBACK_MS = 5 * 60_000;
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8';
const PLAIN_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** `/federate`: the newest sample of the chosen series, to be scraped. Source: Prometheus, web/federate.go. */
export function federate(params: Params, options: FederationOptions): TextReply {
  const selectors = selectorsParam(params);
  if (selectors.length === 0) throw new BadParameter('no match[] parameter provided');
  const newest = new Map<string, Newest>();
  for (const matchers of selectors) {
    for (const columns of options.source.select(matchers, options.nowMs - LOOKBACK_MS + 1, options.nowMs)) {
      const sample = newestOf(columns);
      if (sample !== null) newest.set(sample.text, sample);
    }
  }
  const sorted = [...newest.values()].sort((a, b) => compare(a.name, b.name) || compare(a.text, b.text));
  return { status: 200, contentType: CONTENT_TYPE, pieces: exposition(sorted) };

  function newestOf({ labels, timestamps, values }: SeriesColumns): Newest | null {
    const last = timestamps.length - 1;
    const name = labelValue(labels, METRIC_NAME);
    if (last < 0 || name === '' || isStaleAt(bitsOf(values), last)) return null;
    // A series without an instance must not get that of the federating scrape.
    const own = [...labelPairs(labels)].filter(([label]) => label !== METRIC_NAME);
    const shown = { ...options.externalLabels, instance: '', ...Object.fromEntries(own) };
    return {
      name,
      text: seriesText(name, shown),
      value: formatGoFloat(values[last] as number),
      timestampMs: timestamps[last] as number,
    };
  }
}

interface Newest {
  readonly name: string;
  readonly text: string;
  readonly value: string;
  readonly timestampMs: number;
}

function* exposition(samples: readonly Newest[]): Generator<string> {
  let family = '';
  for (const { name, text, value, timestampMs } of samples) {
    if (name !== family) yield `# TYPE ${PLAIN_METRIC.test(name) ? name : quoted(name)} untyped\n`;
    family = name;
    yield `${text} ${value} ${String(timestampMs)}\n`;
  }
}

function seriesText(name: string, labels: LabelRecord): string {
  const parts = Object.entries(labels)
    .sort(([a], [b]) => compare(a, b))
    .map(([label, value]) => `${PLAIN_LABEL.test(label) ? label : quoted(label)}=${quoted(value)}`);
  if (!PLAIN_METRIC.test(name)) return `{${[quoted(name), ...parts].join(',')}}`;
  return parts.length === 0 ? name : `${name}{${parts.join(',')}}`;
}

/** Source: Prometheus, "Exposition formats": backslash, quote and line feed are escaped, nothing else. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
