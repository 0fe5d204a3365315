import type { Readable } from 'node:stream';

export type BodyReading =
  | { readonly ok: true; readonly body: Buffer }
  /** It is larger than it may be. */
  | { readonly ok: false };

/** Read to the end, or stop at the limit: the size is known only after decompression. */
export async function readBody(stream: Readable, mostBytes: number, signal: AbortSignal): Promise<BodyReading> {
  const stop = (): void => {
    stream.destroy(signal.reason as Error);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > mostBytes) return { ok: false };
      chunks.push(chunk);
    }
    signal.throwIfAborted();
    return { ok: true, body: Buffer.concat(chunks) };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
