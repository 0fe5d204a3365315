import { ProtobufReader } from './protobuf-reader.ts';
import { compressSnappy, decompressSnappy } from './snappy.ts';

/** A request of our own making cannot be larger. */
const MOST_BYTES = 1024 ** 3;

/**
 * Two requests with half of the series each; null when there is only one. To find the series for which a receiver refuses
 * a whole request. A message is the row of its fields, so each half is a part of it.
 */
export function splitRequest(body: Uint8Array): readonly [Uint8Array, Uint8Array] | null {
  const message = decompressSnappy(body, MOST_BYTES);
  const reader = new ProtobufReader(message);
  const starts: number[] = [];
  while (!reader.isAtEnd) {
    starts.push(reader.position);
    reader.next();
    reader.skip();
  }
  const middle = starts[starts.length >> 1];
  if (middle === undefined || starts.length < 2) return null;
  return [compressSnappy(message.subarray(0, middle)), compressSnappy(message.subarray(middle))];
}
