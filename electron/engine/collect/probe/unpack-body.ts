import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { LARGEST_BODY_BYTES } from './exchange.ts';
import type { Answer } from './exchange.ts';

/** The body as it was before it was packed for the way; null when it is not what its header says, or grows too large. */
export function unpackBody({ headers, body }: Answer, mostBytes = LARGEST_BODY_BYTES): Buffer | null {
  const limits = { maxOutputLength: mostBytes };
  try {
    switch (headers['content-encoding']) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(body, limits);
      case 'deflate':
        return inflateSync(body, limits);
      case 'br':
        return brotliDecompressSync(body, limits);
      default:
        return body;
    }
  } catch (error) {
    // zlib and the output limit give errors with a code; anything else is a bug.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

const EXCERPT_CHARACTERS = 300;

/** The beginning of a stranger's text, made fit to be shown: no control characters, one line. Null for other types. */
export function excerptOf(contentType: string, body: Buffer): string | null {
  if (!/^(?:text\/|application\/(?:.*\+)?(?:json|xml))/i.test(contentType)) return null;
  const line = body
    .toString('utf8')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line === '' ? null : line.slice(0, EXCERPT_CHARACTERS);
}
