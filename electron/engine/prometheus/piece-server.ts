import type { PrometheusReply } from './endpoint.ts';
import type { TextReply } from './reply.ts';

/** The beginning of an answer, as it crosses to another thread. */
export interface OpenReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** The number under which the rest is asked for; null when this is all. */
  readonly rest: number | null;
}

export interface NextPiece {
  readonly body: Uint8Array;
  readonly isLast: boolean;
}

/** Holds answers that are longer than one piece until they were fetched to their end or given up. */
export interface PieceServer {
  open(reply: TextReply): OpenReply;
  next(rest: number): NextPiece;
  drop(rest: number): void;
}

/** Large enough that few messages carry much, small enough that a thread is held for about a millisecond only. */
const PIECE_CHARACTERS = 128 * 1024;

/**
 * Give long answers piece by piece, each made when the receiver asks: a slow client then costs no memory, and the thread
 * does its other work in between.
 */
export function createPieceServer(): PieceServer {
  const encoder = new TextEncoder();
  const waiting = new Map<number, Iterator<string>>();
  let lastNumber = 0;

  function read(pieces: Iterator<string>): NextPiece {
    let text = '';
    while (text.length < PIECE_CHARACTERS) {
      const piece = pieces.next();
      if (piece.done === true) return { body: encoder.encode(text), isLast: true };
      text += piece.value;
    }
    return { body: encoder.encode(text), isLast: false };
  }

  return {
    open({ status, contentType, pieces }) {
      const iterator = pieces[Symbol.iterator]();
      const { body, isLast } = read(iterator);
      if (isLast) return { status, contentType, body, rest: null };
      lastNumber += 1;
      waiting.set(lastNumber, iterator);
      return { status, contentType, body, rest: lastNumber };
    },
    next(rest) {
      const iterator = waiting.get(rest);
      if (iterator === undefined) throw new Error(`No answer waits under the number ${String(rest)}.`);
      const piece = read(iterator);
      if (piece.isLast) waiting.delete(rest);
      return piece;
    },
    drop(rest) {
      waiting.delete(rest);
    },
  };
}

/** The calls of the thread that holds the rest. */
export interface PieceSource {
  next(rest: number): Promise<NextPiece>;
  drop(rest: number): Promise<void>;
}

/** The whole answer on the other side. */
export function receiveReply({ status, contentType, body, rest }: OpenReply, source: PieceSource): PrometheusReply {
  const head = { status, contentType, contentEncoding: null };
  return { ...head, body: rest === null ? body : allPieces(body, rest, source) };
}

/** No generator: one that was never asked would not notice that it is given up. */
function allPieces(first: Uint8Array, rest: number, source: PieceSource): AsyncIterableIterator<Uint8Array> {
  let state: 'new' | 'open' | 'ended' = 'new';
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (state === 'ended') return { done: true, value: undefined };
      if (state === 'new') {
        state = 'open';
        return { done: false, value: first };
      }
      const { body, isLast } = await source.next(rest);
      if (isLast) state = 'ended';
      return { done: false, value: body };
    },
    async return() {
      const isComplete = state === 'ended';
      state = 'ended';
      if (!isComplete) await source.drop(rest);
      return { done: true, value: undefined };
    },
  };
}
