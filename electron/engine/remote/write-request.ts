import { fieldSize, MessageWriter, sampleSize } from './message-writer.ts';
import type { Labels } from '../../../shared/model/labels.ts';

/** The samples of one series, in ascending time. `isStale` in place of a value that JavaScript may not keep. */
export interface OutgoingSeries {
  readonly labels: Labels;
  readonly samples: readonly { readonly timestampMs: number; readonly value: number; readonly isStale: boolean }[];
}

/**
 * A `prometheus.WriteRequest` of remote write 1.0, which every receiver reads.
 *
 * Source: Prometheus, prompb/remote.proto and types.proto; protobuf.dev, "Encoding".
 */
export function writeRequest(series: readonly OutgoingSeries[]): Uint8Array {
  const texts = new Map<string, Uint8Array>();
  const request = new MessageWriter();
  for (const { labels, samples } of series) {
    // A message stands behind its length, so that all lengths are known before anything is written.
    const encoded = labels.map((text) => encodedText(text, texts));
    let sizeBytes = 0;
    for (let i = 0; i < encoded.length; i += 2) sizeBytes += fieldSize(labelSize(encoded, i));
    for (const { timestampMs } of samples) sizeBytes += fieldSize(sampleSize(timestampMs));
    request.head(1, sizeBytes);
    for (let i = 0; i < encoded.length; i += 2) {
      request.head(1, labelSize(encoded, i));
      request.bytes(1, encoded[i] as Uint8Array); // labels come in pairs
      request.bytes(2, encoded[i + 1] as Uint8Array);
    }
    for (const { timestampMs, value, isStale } of samples) {
      request.head(2, sampleSize(timestampMs));
      request.double(1, value, isStale);
      request.int64(2, timestampMs);
    }
  }
  return request.finish();
}

const encoder = new TextEncoder();

/** Most texts stand in many series. */
function encodedText(text: string, known: Map<string, Uint8Array>): Uint8Array {
  const existing = known.get(text);
  if (existing !== undefined) return existing;
  const bytes = encoder.encode(text);
  known.set(text, bytes);
  return bytes;
}

function labelSize(encoded: readonly Uint8Array[], at: number): number {
  return fieldSize((encoded[at] as Uint8Array).length) + fieldSize((encoded[at + 1] as Uint8Array).length);
}
