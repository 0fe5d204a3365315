import { labelsKey, labelValue, METRIC_NAME, withoutLabels } from '../../../../../shared/model/labels.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import type { Call, Expr } from '../syntax/expr.ts';
import { parseGoNumber } from '../syntax/go-number.ts';
import { bucketFraction, bucketQuantile, coalesceBuckets } from './classic-histogram.ts';
import type { Bucket } from './classic-histogram.ts';
import { mergeColumns, newColumn, unnamed } from './column.ts';
import type { Column, Sink } from './column.ts';
import { allColumns, scalars } from './evaluate.ts';
import { noteQuantiles } from './note-quantiles.ts';
import type { Frame, Run } from './run.ts';

/** `histogram_quantile(q, buckets)` over classic histograms. */
export async function histogramQuantile({ args }: Call, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const [quantileExpr, vector] = args as [Expr, Expr];
  const quantiles = await scalars(quantileExpr, frame, run);
  noteQuantiles(quantiles, quantileExpr, run);
  await eachHistogram(vector, frame, run, sink, (buckets, step, histogram) => {
    const { value, wasForced } = bucketQuantile(quantiles[step] as number, buckets);
    if (wasForced) {
      run.notes.inform(
        'input to histogram_quantile needed to be fixed for monotonicity (see ' +
          'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)' +
          forMetric(histogram.name),
        vector.span,
      );
    }
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
  const results: Column[] = [];
  for (const histogram of histograms) {
    const result = newColumn(histogram.labels, frame.count, histogram.dropsName);
    for (let step = 0; step < frame.count; step++) {
      const buckets: Bucket[] = [];
      for (const { bound, column } of histogram.buckets) {
        if (column.present[step] === 1) buckets.push({ bound, count: column.values[step] as number });
      }
      if (buckets.length === 0) continue;
      result.values[step] = compute(coalesceBuckets(buckets), step, histogram);
      result.present[step] = 1;
    }
    results.push(unnamed(result, run));
    await run.budget.breathe();
  }
  run.budget.samples = held;
  for (const column of mergeColumns(results)) await sink(column);
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
