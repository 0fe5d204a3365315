import { type Labels, labelsKey, labelsToRecord, labelValue, METRIC_NAME } from '../../../shared/model/labels.ts';
import type { Matcher } from '../../../shared/model/matcher.ts';
import { bitsOf, isStaleAt } from '../../../shared/model/stale-marker.ts';
import { ParquetText } from './parquet-text.ts';
import { formatGoFloat } from '../query/promql/index.ts';
import type { SampleSource } from '../store/metrics/index.ts';

export const EXPORT_FORMATS = ['openmetrics', 'csv', 'json', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportQuestion {
  /** Series that match any of them; all for an empty list. */
  readonly selectors: readonly (readonly Matcher[])[];
  readonly startMs: number;
  readonly endMs: number;
  readonly format: ExportFormat;
}

export interface ExportProgress {
  readonly series: number;
  readonly ofSeries: number;
  readonly samples: number;
}

/** One series without its stale markers, which no format has a word for. */
interface ExportedSeries {
  readonly labels: Labels;
  readonly timestamps: readonly number[];
  readonly values: readonly number[];
}

/** Turns series into pieces of a file. */
interface ExportWriter {
  series(series: ExportedSeries): string | Uint8Array;
  end(): string | Uint8Array;
}

/**
 * The samples that match, as pieces of a file: series by series, ordered by name, so that memory holds one series at a time.
 * A metric whose name another extends (`a`, `a_total`) stays together, as OpenMetrics wants.
 */
export function* exportMetrics(
  source: SampleSource,
  question: ExportQuestion,
  onProgress: (progress: ExportProgress) => void = () => undefined,
): Generator<string | Uint8Array, ExportProgress> {
  const { selectors, startMs, endMs, format } = question;
  const all = source
    .series(selectors, startMs, endMs)
    .map((labels) => ({ labels, key: `${labelValue(labels, METRIC_NAME)}\u0000${labelsKey(labels)}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const writer = createWriter(format);
  let samples = 0;
  for (const [index, { labels }] of all.entries()) {
    const series = readSeries(source, labels, startMs, endMs);
    if (series !== null) {
      samples += series.values.length;
      yield writer.series(series);
    }
    onProgress({ series: index + 1, ofSeries: all.length, samples });
  }
  yield writer.end();
  return { series: all.length, ofSeries: all.length, samples };
}

function readSeries(source: SampleSource, labels: Labels, startMs: number, endMs: number): ExportedSeries | null {
  const matchers: Matcher[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    matchers.push({ name: labels[i] as string, operator: '=', value: labels[i + 1] as string }); // labels come in pairs
  }
  // A series with more labels matches too.
  const key = labelsKey(labels);
  const found = source.select(matchers, startMs, endMs).find((columns) => labelsKey(columns.labels) === key);
  if (found === undefined) return null;
  const bits = bitsOf(found.values);
  const timestamps: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < found.values.length; i++) {
    if (isStaleAt(bits, i)) continue;
    timestamps.push(found.timestamps[i] as number);
    values.push(found.values[i] as number);
  }
  return values.length === 0 ? null : { labels, timestamps, values };
}

function createWriter(format: ExportFormat): ExportWriter {
  switch (format) {
    case 'openmetrics':
      return openMetricsWriter();
    case 'csv':
      return csvWriter();
    case 'json':
      return jsonWriter();
    case 'parquet':
      return parquetWriter();
  }
}

/** Types are not stored, so that every metric is `unknown`; that type allows any suffix. */
function openMetricsWriter(): ExportWriter {
  let family = '';
  return {
    series({ labels, timestamps, values }) {
      const name = labelValue(labels, METRIC_NAME);
      let text = name === family ? '' : `# TYPE ${isPlain(name) ? name : JSON.stringify(name)} unknown\n`;
      family = name;
      const pairs: string[] = isPlain(name) ? [] : [quoted(name)];
      for (let i = 0; i < labels.length; i += 2) {
        const label = labels[i] as string;
        if (label !== METRIC_NAME)
          pairs.push(`${isPlain(label) ? label : quoted(label)}=${quoted(labels[i + 1] as string)}`);
      }
      const head = `${isPlain(name) ? name : ''}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} `;
      for (const [i, value] of values.entries()) {
        text += `${head}${formatGoFloat(value)} ${String((timestamps[i] as number) / 1000)}\n`;
      }
      return text;
    },
    end: () => '# EOF\n',
  };
}

/** RFC 4180, times in RFC 3339, labels as JSON. */
function csvWriter(): ExportWriter {
  let head = 'time,name,labels,value\r\n';
  return {
    series({ labels, timestamps, values }) {
      const { [METRIC_NAME]: name = '', ...others } = labelsToRecord(labels);
      const series = `${csvField(name)},${csvField(JSON.stringify(others))}`;
      let text = head;
      head = '';
      for (const [i, value] of values.entries()) {
        text += `${new Date(timestamps[i] as number).toISOString()},${series},${formatGoFloat(value)}\r\n`;
      }
      return text;
    },
    end: () => head,
  };
}

/** An object per line and series, as VictoriaMetrics exports and imports it; what JSON has no number for is a text. */
function jsonWriter(): ExportWriter {
  return {
    series({ labels, timestamps, values }) {
      const numbers = values.map((value) => (Number.isFinite(value) ? value : formatGoFloat(value)));
      return `${JSON.stringify({ metric: labelsToRecord(labels), values: numbers, timestamps })}\n`;
    },
    end: () => '',
  };
}

function parquetWriter(): ExportWriter {
  const file = new ParquetText(['name', 'labels']);
  return {
    series({ labels, timestamps, values }) {
      const { [METRIC_NAME]: name = '', ...others } = labelsToRecord(labels);
      return file.rows([name, JSON.stringify(others)], timestamps, values);
    },
    end: () => file.end(),
  };
}

function isPlain(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))}"`;
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
