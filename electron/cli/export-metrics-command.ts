import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Matcher } from '../../shared/model/matcher.ts';
import { exportMetrics, type ExportFormat } from '../engine/transfer/export-metrics.ts';
import { parseSelector } from '../engine/query/promql/index.ts';
import { openMetricsForReading } from './data-directory.ts';
import type { ExitCode, Output } from './output.ts';
import { parseTime } from './parse-time.ts';
import { progressBar } from './progress-bar.ts';

export interface ExportOptions {
  readonly dataDirectory: string;
  readonly match: readonly string[];
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly format: ExportFormat;
  /** A file; null for standard output. */
  readonly file: string | null;
  readonly showProgress: ((line: string) => void) | null;
}

/** `vedette export metrics`: samples as a file. An instance may go on using the data directory. */
export async function exportMetricsCommand(options: ExportOptions, output: Output): Promise<ExitCode> {
  const selectors: (readonly Matcher[])[] = [];
  for (const text of options.match) {
    const parsed = parseSelector(text);
    if (!parsed.ok) {
      output.err(`vedette export: --match ${text}: ${parsed.problem.message}\n`);
      return 2;
    }
    selectors.push(parsed.value);
  }
  const startMs = options.start === undefined ? 0 : parseTime(options.start);
  const endMs = options.end === undefined ? Number.MAX_SAFE_INTEGER : parseTime(options.end);
  if (startMs === null || endMs === null) {
    const text = startMs === null ? options.start : options.end;
    output.err(`vedette export: "${text ?? ''}" is no time; write Unix seconds or 2026-01-31T08:00:00Z.\n`);
    return 2;
  }
  const store = openMetricsForReading(options.dataDirectory, (level, message) => {
    if (level === 'warn' || level === 'error') output.err(`vedette export: ${message}\n`);
  });
  try {
    const target = options.file === null ? process.stdout : createWriteStream(options.file);
    const pieces = exportMetrics(store, { selectors, startMs, endMs, format: options.format }, (progress) => {
      const { series, ofSeries, samples } = progress;
      options.showProgress?.(`${progressBar(series / ofSeries)}  ${samples.toLocaleString('en')} samples`);
    });
    for (let next = pieces.next(); ; next = pieces.next()) {
      if (next.done === true) {
        options.showProgress?.('');
        if (options.file !== null) {
          target.end();
          await finished(target);
          const { series, samples } = next.value;
          output.out(`Wrote ${samples.toLocaleString('en')} samples of ${series.toLocaleString('en')} series.\n`);
        }
        return 0;
      }
      if (next.value.length > 0 && !target.write(next.value)) await once(target, 'drain');
    }
  } finally {
    store.close();
  }
}
