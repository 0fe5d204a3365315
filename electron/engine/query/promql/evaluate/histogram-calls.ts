import { labelsKey, labelValue, METRIC_NAME, withLabels, withoutLabels } from '../../../../../shared/model/labels.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import type { Call, Expr } from '../syntax/expr.ts';
import { formatGoGeneral, parseGoNumber } from '../syntax/go-number.ts';
import { bucketFraction, bucketQuantile, coalesceBuckets } from './classic-histogram.ts';
import type { Bucket } from './classic-histogram.ts';
import { mergeColumns, newColumn, unnamed } from './column.ts';
import type { Column, Sink } from './column.ts';
import { allColumns, scalars, stringOf } from './evaluate.ts';
import { noteQuantiles } from './note-quantiles.ts';
import { failExecution } from './run.ts';
import type { Frame, Run } from './run.ts';

/** `histogram_quantile(q, buckets)` over classic histograms. */
export async function histogramQuantile({ args }: Call, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const [quantileExpr, vector] = args as [Expr, Expr];
  const quantiles = await scalars(quantileExpr, frame, run);
  noteQuantiles(quantiles, quantileExpr, run);
  await eachHistogram(vector, frame, run, sink, (buckets, step, histogram) => {
    const { value, wasForced } = bucketQuantile(quantiles[step] as number, buckets);
    if (wasForced) noteForced(histogram.name, vector, run);
    return value;
  });
}

/** `histogram_fraction(lower, upper, buckets)` over classic histograms. */
export async function histogramFraction({ args }: Call, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const [lowerExpr, upperExpr, vector] = args as [Expr, Expr, Expr];
  const lower = await scalars(lowerExpr, frame, run);
  const upper = await scalars(upperExpr, frame, run);
  await eachHistogram(vector, frame, run, sink, (buckets, step) =>
    bucketFraction(lower[step] as number, upper[step] as number, buckets),
  );
}

/** `histogram_quantiles(buckets, label, q…)`: a series for each quantile, told apart by the label. */
export async function histogramQuantiles({ args }: Call, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const [vector, labelExpr, ...quantileExprs] = args as [Expr, Expr, ...Expr[]];
  const label = stringOf(labelExpr);
  if (label === '' || !label.isWellFormed()) failExecution(`invalid label name in histogram_quantiles(): ${label}`);
  const held = run.budget.samples;
  const histograms = groupBuckets(await allColumns(vector, frame, run), vector, run);
  const results: Column[] = [];
  for (const quantileExpr of quantileExprs) {
    const quantiles = await scalars(quantileExpr, frame, run);
    noteQuantiles(quantiles, quantileExpr, run);
    for (const q of new Set(quantiles)) {
      const columns = await mapHistograms(histograms, frame, run, (buckets, step, { name }) => {
        if (!Object.is(quantiles[step], q)) return null;
        const { value, wasForced } = bucketQuantile(q, buckets);
        if (wasForced) noteForced(name, vector, run);
        return value;
      });
      for (const column of columns) {
        if (!column.present.includes(1)) continue;
        results.push({ ...column, labels: withLabels(column.labels, { [label]: formatQuantile(q) }) });
      }
    }
  }
  run.budget.samples = held;
  for (const column of mergeColumns(results)) await sink(column);
}

/** As OpenMetrics writes numbers: whole ones with a point. */
function formatQuantile(q: number): string {
  const text = formatGoGeneral(q);
  return /^[-\d]+$/.test(text) ? `${text}.0` : text;
}

function noteForced(metric: string, expr: Expr, run: Run): void {
  run.notes.inform(
    'input to histogram_quantile needed to be fixed for monotonicity (see ' +
      'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)' +
      forMetric(metric),
    expr.span,
  );
}

interface Histogram {
  readonly labels: Labels;
  readonly name: string;
  readonly dropsName: boolean;
  readonly buckets: { readonly bound: number; readonly column: Column }[];
}

async function eachHistogram(
  vector: Expr,
  frame: Frame,
  run: Run,
  sink: Sink,
  compute: (buckets: Bucket[], step: number, histogram: Histogram) => number,
): Promise<void> {
  const held = run.budget.samples;
  const histograms = groupBuckets(await allColumns(vector, frame, run), vector, run);
  const results = await mapHistograms(histograms, frame, run, compute);
  run.budget.samples = held;
  for (const column of mergeColumns(results)) await sink(column);
}

async function mapHistograms(
  histograms: readonly Histogram[],
  frame: Frame,
  run: Run,
  compute: (buckets: Bucket[], step: number, histogram: Histogram) => number | null,
): Promise<Column[]> {
  const results: Column[] = [];
  for (const histogram of histograms) {
    const result = newColumn(histogram.labels, frame.count, histogram.dropsName);
    for (let step = 0; step < frame.count; step++) {
      const buckets: Bucket[] = [];
      for (const { bound, column } of histogram.buckets) {
        if (column.present[step] === 1) buckets.push({ bound, count: column.values[step] as number });
      }
      const value = buckets.length === 0 ? null : compute(coalesceBuckets(buckets), step, histogram);
      if (value === null) continue;
      result.values[step] = value;
      result.present[step] = 1;
    }
    results.push(unnamed(result, run));
    await run.budget.breathe();
  }
  return results;
}

function groupBuckets(columns: readonly Column[], vector: Expr, run: Run): Histogram[] {
  const histograms = new Map<string, Histogram>();
  for (const column of columns) {
    const text = labelValue(column.labels, 'le');
    const bound = parseBound(text);
    const name = labelValue(column.labels, METRIC_NAME);
    if (bound === null) {
      const message = `bucket label "le" is missing or has a malformed value of ${JSON.stringify(text)}`;
      run.notes.warn(message + forMetric(name), vector.span);
      continue;
    }
    const labels = withoutLabels(column.labels, ['le']);
    const key = labelsKey(labels);
    let histogram = histograms.get(key);
    if (histogram === undefined) {
      histogram = { labels, name, dropsName: column.dropsName, buckets: [] };
      histograms.set(key, histogram);
    }
    histogram.buckets.push({ bound, column });
  }
  for (const { buckets } of histograms.values()) buckets.sort((a, b) => a.bound - b.bound || 0);
  return [...histograms.values()];
}

function parseBound(text: string): number | null {
  const unsigned = /^[-+]/.test(text) ? text.slice(1) : text;
  const bound = parseGoNumber(unsigned);
  if (bound === null || bound !== bound) return null;
  return text.startsWith('-') ? -bound : bound;
}

function forMetric(name: string): string {
  return name === '' ? '' : ` for metric name ${JSON.stringify(name)}`;
}
