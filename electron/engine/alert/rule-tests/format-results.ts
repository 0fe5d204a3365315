import { labelsFromRecord, type LabelRecord, type Labels } from '../../../../shared/model/labels.ts';
import { quoteGo } from '../../query/promql/syntax/go-text.ts';

/** An alert as a test compares it. */
export interface ComparedAlert {
  readonly labels: LabelRecord;
  readonly annotations: LabelRecord;
}

/** A sample as a test compares it. */
export interface ComparedSample {
  readonly labels: Labels;
  readonly value: number;
  /** The text of a native histogram in the place of a value. */
  readonly histogram: string | null;
}

/** Alerts in the words of promtool, their lines in the column of its report. */
export function formatAlerts(alerts: readonly ComparedAlert[]): string {
  if (alerts.length === 0) return '[]';
  const entries = alerts.map(({ labels, annotations }, index) => {
    const lines = [
      `${String(index)}:`,
      `  Labels:${formatRecord(labels)}`,
      `  Annotations:${formatRecord(annotations)}`,
    ];
    return lines.map((line) => `            ${line}`).join('\n');
  });
  return `[\n${entries.join(',\n')}\n            ]`;
}

/** Samples in the words of promtool. */
export function formatSamples(samples: readonly ComparedSample[]): string {
  if (samples.length === 0) return 'nil';
  return samples
    .map(({ labels, value, histogram }) => `${formatFlat(labels)} ${histogram ?? formatScientific(value)}`)
    .join(', ');
}

function formatRecord(record: LabelRecord): string {
  return formatFlat(labelsFromRecord(record));
}

/** Labels with the name among them, as Go prints them. */
function formatFlat(labels: Labels): string {
  const parts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) parts.push(`${labels[i] as string}=${quoteGo(labels[i + 1] as string)}`);
  return `{${parts.join(', ')}}`;
}

/** The text of Go's `%E` with as many digits as the number needs: `1E+00`. */
function formatScientific(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = Object.is(value, -0) ? '-' : '';
  const [mantissa = '0', exponent = '+0'] = value.toExponential().split('e');
  return `${sign}${mantissa}E${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}
