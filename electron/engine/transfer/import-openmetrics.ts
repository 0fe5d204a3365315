import { labelsFrom } from '../../../shared/model/labels.ts';
import { createLineCache } from '../collect/scrape/line-cache.ts';
import { createColumns, type ExpositionContext, parseExposition } from '../collect/scrape/parse-exposition.ts';
import type { MetricStore } from '../store/metrics/index.ts';

export interface ImportProgress {
  readonly readBytes: number;
  readonly samples: number;
}

export type ImportResult =
  | { readonly ok: true; readonly samples: number }
  | { readonly ok: false; readonly samples: number; readonly line: number; readonly message: string };

/** So much text is read at a time; memory stays a small multiple of it however long the file is. */
const PIECE_BYTES = 8 << 20;
const NEWLINE = 10;
const END = Buffer.from('# EOF\n');
/** The end of an exposition at the start of a line. */
const END_LINE = /^# EOF\r?$/m;

/**
 * Read OpenMetrics with timestamps, in any order, into a store that takes history. What was read before a fault stays.
 *
 * @param store opened with an unlimited window for samples out of order
 */
export async function importOpenMetrics(
  input: AsyncIterable<Buffer>,
  store: MetricStore,
  onProgress: (progress: ImportProgress) => void = () => undefined,
): Promise<ImportResult> {
  const context: ExpositionContext<ImportedSeries> = {
    format: 'openmetrics',
    cache: createLineCache(),
    metadata: new Map(),
    columns: createColumns(),
    resolve: ({ name, pairs }) => ({ ok: true, series: { ref: store.ref(labelsFrom(pairs)), name } }),
  };
  let [samples, lines, readBytes] = [0, 0, 0];
  const state = { hasEnded: false };
  const fault = (line: number, message: string): ImportResult => ({ ok: false, samples, line, message });

  const take = (piece: Buffer): ImportResult | null => {
    if (state.hasEnded) return isBlank(piece) ? null : fault(lines + 1, 'something follows "# EOF"');
    const end = piece.includes('# EOF') ? END_LINE.exec(piece.toString('latin1')) : null;
    const rest = end === null ? null : piece.subarray(end.index + end[0].length + 1);
    const body = end === null ? piece : piece.subarray(0, end.index);
    const parsed = parseExposition(Buffer.concat([body, END]), context);
    if (!parsed.ok) return fault(lines + parsed.problem.line, `${parsed.problem.message}.`);
    const { columns } = context;
    for (let i = 0; i < columns.count; i++) {
      const { ref, name } = columns.series[i] as ImportedSeries; // the columns hold `count` places
      const timestampMs = columns.timestampsMs[i] as number;
      if (Number.isNaN(timestampMs)) {
        return fault(lines + 1, `at or after this line, a sample of "${name}" has no timestamp.`);
      }
      store.append(ref, timestampMs, columns.values[i] as number);
      samples++;
    }
    store.commit();
    lines += countLines(body);
    if (rest === null) return null;
    state.hasEnded = true;
    return isBlank(rest) ? null : fault(lines + 2, 'something follows "# EOF"');
  };

  for await (const piece of wholeLines(input)) {
    readBytes += piece.length;
    const problem = take(piece);
    if (problem !== null) return problem;
    onProgress({ readBytes, samples });
  }
  return state.hasEnded ? { ok: true, samples } : fault(lines, 'the text does not end with "# EOF": it was cut short.');
}

interface ImportedSeries {
  readonly ref: number;
  readonly name: string;
}

/** Cut a stream after line ends, into pieces of about {@link PIECE_BYTES}. */
async function* wholeLines(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of input) {
    parts.push(part);
    sizeBytes += part.length;
    if (sizeBytes < PIECE_BYTES) continue;
    const whole = Buffer.concat(parts);
    const cut = whole.lastIndexOf(NEWLINE) + 1;
    if (cut > 0) yield whole.subarray(0, cut);
    parts = [whole.subarray(cut)];
    sizeBytes = whole.length - cut;
  }
  const last = Buffer.concat(parts);
  if (last.length > 0) yield last[last.length - 1] === NEWLINE ? last : Buffer.concat([last, Buffer.from('\n')]);
}

function countLines(text: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(NEWLINE); at >= 0; at = text.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

function isBlank(text: Buffer): boolean {
  return text.toString('latin1').trim() === '';
}
