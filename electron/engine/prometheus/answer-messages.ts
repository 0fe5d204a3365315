import type { Params } from './params.ts';

/** A question to the Prometheus-compatible API, as it crosses to the thread that has the data. */
export interface Question {
  readonly path: string;
  readonly params: Params;
}

/**
 * What the asking thread sends. `taken` gives the memory of the oldest piece of a long answer back, so that a further one
 * can be made; `drop` gives the answer up, or the question while it is still being worked on.
 */
export type ToAnswerer =
  | { readonly id: number; readonly kind: 'ask'; readonly question: Question }
  | { readonly id: number; readonly kind: 'taken' | 'drop' };

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

/**
 * Both threads see its memory, and the same few blocks go back and forth: memory that is handed over for good has to be made
 * and cleared away for each, which took a third of the time of long answers.
 */
export interface Piece {
  readonly room: SharedArrayBuffer;
  readonly sizeBytes: number;
  readonly isLast: boolean;
}

/**
 * How many pieces may be on their way: with two, one is made while the one before is sent, and a client that reads slowly
 * costs no more memory than these.
 */
export const PIECES_AHEAD = 2;
