import type { Channel } from '../threads/channel.ts';
import { PIECES_AHEAD, type FromAnswerer, type Piece, type ToAnswerer } from './answer-messages.ts';
import { PieceWriter } from './piece-writer.ts';
import type { PrometheusApi } from './prometheus-api.ts';
import type { TextPiece, TextReply } from './reply.ts';

/** Large enough that few messages carry much, small enough that a thread is held for about a millisecond only. */
const PIECE_BYTES = 128 * 1024;
/** Up to here an answer is copied: a text is the cheapest message, and leaves on a socket together with its headers. */
const SHORT_BYTES = 64 * 1024;
/** Memory for pieces that is kept for the next long answers; each takes {@link PIECES_AHEAD}. */
const MOST_SPARE_ROOMS = 2 * PIECES_AHEAD;

interface OpenAnswer {
  /** A plain object does what the evaluation needs of an `AbortSignal`, which takes longer to make than a short query. */
  readonly gone: { aborted: boolean };
  /** Of a long answer: what is left of it, and the memory of the pieces that are on their way, the oldest first. */
  rest: { readonly pieces: Iterator<TextPiece>; readonly writer: PieceWriter; isEnded: boolean } | null;
  readonly sent: SharedArrayBuffer[];
}

/**
 * In the thread that has the data: answer the questions of {@link createQuestions}. Long answers are made piece by piece
 * as the receiver takes them, so that the thread does its other work in between.
 */
export function answerQuestions(channel: Channel, api: PrometheusApi): void {
  const open = new Map<number, OpenAnswer>();
  const spareRooms: SharedArrayBuffer[] = [];
  let spareWriter: PieceWriter | null = null;

  channel.onMessage((data) => {
    const message = data as ToAnswerer;
    if (message.kind === 'ask') {
      const answer: OpenAnswer = { gone: { aborted: false }, rest: null, sent: [] };
      open.set(message.id, answer);
      api(message.question.path, message.question.params, answer.gone).then(
        (reply) => begin(message.id, answer, reply),
        (error: unknown) => fail(message.id, error),
      );
      return;
    }
    const answer = open.get(message.id);
    if (answer === undefined) return; // it failed meanwhile
    if (message.kind === 'drop') {
      // What is on its way may still be read, so its memory is let go.
      open.delete(message.id);
      answer.gone.aborted = true;
      return;
    }
    const room = answer.sent.shift();
    if (room !== undefined && spareRooms.length < MOST_SPARE_ROOMS) spareRooms.push(room);
    if (answer.rest?.isEnded === true && answer.sent.length === 0) open.delete(message.id);
    else goOn(message.id, answer);
  });

  function begin(id: number, answer: OpenAnswer, { status, contentType, pieces: all }: TextReply): void {
    if (!open.has(id)) return;
    attempt(id, () => {
      const pieces = all[Symbol.iterator]();
      const writer = spareWriter ?? new PieceWriter(2 * PIECE_BYTES);
      spareWriter = null;
      const isWhole = writer.fill(pieces, PIECE_BYTES);
      if (isWhole && writer.length <= SHORT_BYTES) {
        open.delete(id);
        send({ id, kind: 'whole', status, contentType, body: writer.takeText() });
        spareWriter = writer;
        return;
      }
      answer.rest = { pieces, writer, isEnded: false };
      send({ id, kind: 'opened', status, contentType, ...nextPiece(answer, answer.rest) });
    });
    goOn(id, answer);
  }

  /** Each piece in a turn of its own: others have theirs in between. */
  function goOn(id: number, answer: OpenAnswer): void {
    const { rest } = answer;
    const isDue = (): boolean => rest?.isEnded === false && answer.sent.length < PIECES_AHEAD && open.has(id);
    if (!isDue()) return;
    // A turn of the event loop, not a moment of time: there is nothing that a test would hold still.
    // eslint-disable-next-line no-restricted-globals
    setImmediate(() => {
      if (rest === null || !isDue()) return;
      attempt(id, () => send({ id, kind: 'piece', ...nextPiece(answer, rest) }));
      goOn(id, answer);
    });
  }

  function nextPiece(answer: OpenAnswer, rest: NonNullable<OpenAnswer['rest']>): Piece {
    const { pieces, writer } = rest;
    const isEnd = writer.fill(pieces, PIECE_BYTES);
    const room = spareRooms.pop() ?? new SharedArrayBuffer(PIECE_BYTES);
    const sizeBytes = writer.moveTo(new Uint8Array(room));
    rest.isEnded = isEnd && writer.length === 0;
    if (rest.isEnded) spareWriter = writer;
    answer.sent.push(room);
    return { room, sizeBytes, isLast: rest.isEnded };
  }

  function attempt(id: number, run: () => void): void {
    try {
      run();
    } catch (error) {
      fail(id, error);
    }
  }

  function fail(id: number, error: unknown): void {
    if (!open.delete(id)) return;
    send({ id, kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }

  function send(message: FromAnswerer): void {
    channel.post(message);
  }
}
