import type { Params } from './params.ts';

/** A question to the Prometheus-compatible API, as it crosses to the thread that has the data. */
export interface Question {
  readonly path: string;
  readonly params: Params;
}

/**
 * What the asking thread sends. `more` allows one further piece of a long answer; `drop` gives it up, or the question
 * while it is still being worked on.
 */
export type ToAnswerer =
  | { readonly id: number; readonly kind: 'ask'; readonly question: Question }
  | { readonly id: number; readonly kind: 'more' | 'drop' };

/**
 * What comes back: an answer, whole when it is short; or the beginning of it and further pieces; or the reason why there is
 * none. The body of a short one is a text that stands for bytes, one character for each (Latin-1).
 */
export type FromAnswerer =
  | {
      readonly id: number;
      readonly kind: 'whole';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  | ({ readonly id: number; readonly kind: 'opened'; readonly status: number; readonly contentType: string } & Piece)
  | ({ readonly id: number; readonly kind: 'piece' } & Piece)
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };

/** Its memory goes over to the receiver. */
export interface Piece {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly isLast: boolean;
}

/**
 * How many pieces may be on their way: with two, one is made while the one before is sent, and a client that reads slowly
 * costs no more memory than these.
 */
export const PIECES_AHEAD = 2;
