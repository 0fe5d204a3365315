import type { OutgoingSeries } from './write-request.ts';
import { fieldSize, MessageWriter, sampleSize, varintSize } from './message-writer.ts';
import { readWriteRequest } from './read-write-request.ts';
import { compressSnappy, decompressSnappy } from './snappy.ts';

/** A request of our own making cannot be larger. */
const MOST_BYTES = 1024 ** 3;

/** A compressed request of version 1.0 as one of version 2.0. The queue holds 1.0, which each receiver gets as it reads it. */
export function asVersion2(body: Uint8Array): Uint8Array {
  return compressSnappy(writeRequest2([...readWriteRequest(decompressSnappy(body, MOST_BYTES))]));
}

/**
 * An `io.prometheus.write.v2.Request`: every text once in a table of symbols, of which the first is empty, and labels as
 * numbers of symbols.
 *
 * Source: Prometheus, "Remote-Write 2.0 specification"; prompb/io/prometheus/write/v2/types.proto.
 */
export function writeRequest2(series: readonly OutgoingSeries[]): Uint8Array {
  const symbols = new Map<string, number>([['', 0]]);
  const references = series.map(({ labels }) => labels.map((text) => symbolOf(text, symbols)));
  const request = new MessageWriter();
  const encoder = new TextEncoder();
  for (const text of symbols.keys()) request.bytes(4, encoder.encode(text));
  for (const [i, { samples }] of series.entries()) {
    const labels = references[i] ?? [];
    const labelBytes = labels.reduce((sum, reference) => sum + varintSize(reference), 0);
    const sampleBytes = samples.reduce((sum, { timestampMs }) => sum + fieldSize(sampleSize(timestampMs)), 0);
    request.head(5, fieldSize(labelBytes) + sampleBytes);
    request.head(1, labelBytes);
    request.packed(labels);
    for (const { timestampMs, value, isStale } of samples) {
      request.head(2, sampleSize(timestampMs));
      request.double(1, value, isStale);
      request.int64(2, timestampMs);
    }
  }
  return request.finish();
}

function symbolOf(text: string, symbols: Map<string, number>): number {
  const known = symbols.get(text);
  if (known !== undefined) return known;
  const reference = symbols.size;
  symbols.set(text, reference);
  return reference;
}
