import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { importOpenMetrics, type ImportProgress } from '../engine/transfer/import-openmetrics.ts';
import { openMetricsForWriting } from './data-directory.ts';
import type { ExitCode, Output } from './output.ts';
import { progressBar } from './progress-bar.ts';

export interface ImportOptions {
  readonly dataDirectory: string;
  /** Overwrites one line of a terminal; null where there is none. */
  readonly showProgress: ((line: string) => void) | null;
}

/** `vedette import metrics FILE`: OpenMetrics with timestamps into the history of a data directory. */
export async function importMetricsCommand(file: string, options: ImportOptions, output: Output): Promise<ExitCode> {
  const input = await open(file);
  try {
    const sizeBytes = (await input.stat()).size;
    mkdirSync(options.dataDirectory, { recursive: true });
    const { store, close } = openMetricsForWriting(options.dataDirectory, (level, message) => {
      if (level === 'warn' || level === 'error') output.err(`vedette import: ${message}\n`);
    });
    try {
      const startedAt = performance.now();
      const show = (progress: ImportProgress): void => {
        const samples = progress.samples.toLocaleString('en');
        options.showProgress?.(`${progressBar(progress.readBytes / Math.max(1, sizeBytes))}  ${samples} samples`);
      };
      const result = await importOpenMetrics(
        input.createReadStream({ highWaterMark: 1 << 20, autoClose: false }),
        store,
        show,
      );
      options.showProgress?.('');
      const { outOfOrderRefused, conflicting, seriesRefused } = store.stats();
      if (conflicting + outOfOrderRefused > 0) {
        output.err(`${String(conflicting)} samples left out: there was another value at the same time.\n`);
      }
      const refused = Object.values(seriesRefused).reduce((sum, count) => sum + count, 0);
      if (refused > 0) output.err(`${String(refused)} series refused: there are too many.\n`);
      if (!result.ok) {
        output.err(`${file}:${String(result.line)}: ${result.message}\n`);
        output.err(`${result.samples.toLocaleString('en')} samples before that are imported.\n`);
        return 1;
      }
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      output.out(`Imported ${result.samples.toLocaleString('en')} samples in ${seconds} s.\n`);
      return 0;
    } finally {
      close();
    }
  } finally {
    await input.close();
  }
}
