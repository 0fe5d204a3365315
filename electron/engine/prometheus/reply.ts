import { PieceWriter } from './piece-writer.ts';

/** Text, or its bytes in UTF-8, which are valid until the next piece is asked for. */
export type TextPiece = string | Uint8Array;

/** An answer as text in pieces, made one after the other while it is sent. */
export interface TextReply {
  readonly status: number;
  readonly contentType: string;
  readonly pieces: Iterable<TextPiece>;
}

/** The whole text of a short answer, as bytes. */
export function replyBytes({ pieces }: TextReply): Uint8Array<ArrayBuffer> {
  const writer = new PieceWriter(0);
  writer.fill(pieces[Symbol.iterator](), Infinity);
  return writer.take();
}

/** Prometheus's closed set. Source: Prometheus manual, "HTTP API", web/api/v1. */
export type ErrorType = 'bad_data' | 'execution' | 'timeout' | 'canceled' | 'not_found' | 'unavailable' | 'internal';

const STATUS_OF: Readonly<Record<ErrorType, number>> = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  canceled: 503,
  not_found: 404,
  unavailable: 503,
  internal: 500,
};

export interface Remarks {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

const JSON_TYPE = 'application/json';

/** A success whose `data` is plain. */
export function success(data: unknown, remarks: Remarks = {}): TextReply {
  return successInPieces([JSON.stringify(data)], remarks);
}

/** A success whose `data` is a long list; each entry is written when its turn comes. */
export function successList(items: Iterable<unknown>, remarks: Remarks = {}): TextReply {
  return successInPieces(listPieces(items), remarks);
}

/** @param data the JSON text of the `data` member */
export function successInPieces(data: Iterable<TextPiece>, remarks: Remarks = {}): TextReply {
  return { status: 200, contentType: JSON_TYPE, pieces: enveloped(data, remarks) };
}

export function failure(errorType: ErrorType, error: string): TextReply {
  const text = JSON.stringify({ status: 'error', errorType, error });
  return { status: STATUS_OF[errorType], contentType: JSON_TYPE, pieces: [text] };
}

function* enveloped(data: Iterable<TextPiece>, { warnings = [], infos = [] }: Remarks): Generator<TextPiece> {
  yield '{"status":"success","data":';
  yield* data;
  if (warnings.length > 0) yield `,"warnings":${JSON.stringify(warnings)}`;
  if (infos.length > 0) yield `,"infos":${JSON.stringify(infos)}`;
  yield '}';
}

function* listPieces(items: Iterable<unknown>): Generator<string> {
  let separator = '[';
  for (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}
