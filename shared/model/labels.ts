/**
 * The identity of a series: `[name1, value1, name2, value2, …]`, names ascending by code unit, no empty values.
 * The metric name is the label `__name__`. Flat, because a store holds hundreds of thousands of them.
 * Source: Prometheus data model; a label with an empty value is the same as no label.
 */
export type Labels = readonly string[];

/** Labels as they travel: plain data for JSON, `structuredClone` and the user interface. */
export type LabelRecord = Readonly<Record<string, string>>;

export const METRIC_NAME = '__name__';
export const NO_LABELS: Labels = [];

/** Sort and clean name/value pairs into {@link Labels}. A later duplicate replaces an earlier one. */
export function labelsFrom(pairs: Iterable<readonly [name: string, value: string]>): Labels {
  const sorted = [...new Map(pairs)].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flat();
}

export function labelsFromRecord(record: LabelRecord): Labels {
  return labelsFrom(Object.entries(record));
}

export function labelsToRecord(labels: Labels): LabelRecord {
  return Object.fromEntries(labelPairs(labels));
}

export function* labelPairs(labels: Labels): Generator<[name: string, value: string]> {
  for (let i = 0; i < labels.length; i += 2) yield [labels[i] as string, labels[i + 1] as string];
}

/** The value of a label; `''` when it is absent. */
export function labelValue(labels: Labels, name: string): string {
  for (let i = 0; i < labels.length; i += 2) if (labels[i] === name) return labels[i + 1] as string;
  return '';
}

/** A string that is equal exactly for equal labels, for use as a map key. */
export function labelsKey(labels: Labels): string {
  return labels.join('\u0000');
}

/** Set labels; an empty value removes the label. */
export function withLabels(labels: Labels, changes: LabelRecord): Labels {
  return labelsFrom([...labelPairs(labels), ...Object.entries(changes)]);
}

export function withoutLabels(labels: Labels, names: readonly string[]): Labels {
  return selectLabels(labels, (name) => !names.includes(name));
}

export function onlyLabels(labels: Labels, names: readonly string[]): Labels {
  return selectLabels(labels, (name) => names.includes(name));
}

function selectLabels(labels: Labels, keep: (name: string) => boolean): Labels {
  const kept: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    if (keep(labels[i] as string)) kept.push(labels[i] as string, labels[i + 1] as string);
  }
  return kept;
}

const PLAIN_LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const PLAIN_METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** The series as PromQL writes it: `up{job="node"}`; names outside the classic alphabet are quoted as in Prometheus 3. */
export function formatLabels(labels: Labels): string {
  const name = labelValue(labels, METRIC_NAME);
  const parts: string[] = [];
  if (name !== '' && !PLAIN_METRIC_NAME.test(name)) parts.push(JSON.stringify(name));
  for (const [label, value] of labelPairs(labels)) {
    if (label === METRIC_NAME) continue;
    parts.push(`${PLAIN_LABEL_NAME.test(label) ? label : JSON.stringify(label)}=${JSON.stringify(value)}`);
  }
  const head = PLAIN_METRIC_NAME.test(name) ? name : '';
  return parts.length > 0 || head === '' ? `${head}{${parts.join(', ')}}` : head;
}
