import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';

const gzipWhole = promisify(gzip);

/** Below it the gain is less than a network packet. */
const WORTH_BYTES = 1024;
/** The fastest: an answer is read once, mostly over loopback. */
const OPTIONS = { level: constants.Z_BEST_SPEED };
/** So that a piece is made while the one before is compressed. */
const BUFFER_BYTES = 256 * 1024;

export interface CompressedAnswer {
  readonly encoding: 'gzip' | null;
  readonly body: Uint8Array | string | Readable;
}

/**
 * Compress a body for a client that accepts it. Works off the main thread; a long body is compressed while it is sent.
 *
 * @param body a text stands for bytes, one character for each (Latin-1)
 */
export async function compressed(
  body: Uint8Array | string | AsyncIterable<Uint8Array>,
  acceptEncoding: string,
): Promise<CompressedAnswer> {
  const isWanted = acceptsGzip(acceptEncoding);
  if (typeof body === 'string' || body instanceof Uint8Array) {
    if (!isWanted || body.length < WORTH_BYTES) return { encoding: null, body };
    const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
    return { encoding: 'gzip', body: await gzipWhole(bytes, OPTIONS) };
  }
  const pieces = Readable.from(copies(body), { objectMode: false, highWaterMark: BUFFER_BYTES });
  if (!isWanted) return { encoding: null, body: pieces };
  const packed = createGzip({ ...OPTIONS, chunkSize: BUFFER_BYTES });
  // `pipe` alone would leave the source open when the client goes away, and hide why it broke off.
  pieces.once('error', (error) => packed.destroy(error));
  packed.once('close', () => pieces.destroy());
  return { encoding: 'gzip', body: pieces.pipe(packed) };
}

/** A stream reads ahead, and a piece is valid only until the next one is asked for. */
function copies(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const pieces = body[Symbol.asyncIterator]();
      return {
        async next() {
          const piece = await pieces.next();
          return piece.done === true ? piece : { done: false, value: Uint8Array.from(piece.value) };
        },
        return: () => pieces.return?.() ?? Promise.resolve({ done: true, value: undefined }),
      };
    },
  };
}

/** Source: RFC 9110, section 12.5.3. */
export function acceptsGzip(acceptEncoding: string): boolean {
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
    if (coding !== 'gzip' && coding !== '*') continue;
    return !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  }
  return false;
}
