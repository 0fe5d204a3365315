import type { Channel } from '../threads/channel.ts';
import { PIECES_AHEAD, type FromAnswerer, type Piece, type ToAnswerer } from './answer-messages.ts';
import { PieceWriter } from './piece-writer.ts';
import type { PrometheusApi } from './prometheus-api.ts';
import type { TextPiece, TextReply } from './reply.ts';

/** Large enough that few messages carry much, small enough that a thread is held for about a millisecond only. */
const PIECE_BYTES = 128 * 1024;

/** Up to here copying an answer costs less than handing its memory over, which has to be found and cleared each time. */
const SHORT_BYTES = 64 * 1024;

interface OpenAnswer {
  /** A plain object does what the evaluation needs of an `AbortSignal`, which takes longer to make than a short query. */
  readonly gone: { aborted: boolean };
  /** How many pieces the other side still wants. */
  wanted: number;
  pieces: Iterator<TextPiece> | null;
}

/**
 * In the thread that has the data: answer the questions of {@link createQuestions}. Long answers are made piece by piece
 * as the receiver takes them, so that the thread does its other work in between.
 */
export function answerQuestions(channel: Channel, api: PrometheusApi): void {
  const open = new Map<number, OpenAnswer>();
  const writer = new PieceWriter(2 * PIECE_BYTES);

  channel.onMessage((data) => {
    const message = data as ToAnswerer;
    if (message.kind === 'ask') {
      const answer: OpenAnswer = { gone: { aborted: false }, wanted: PIECES_AHEAD, pieces: null };
      open.set(message.id, answer);
      api(message.question.path, message.question.params, answer.gone).then(
        (reply) => begin(message.id, answer, reply),
        (error: unknown) => fail(message.id, error),
      );
      return;
    }
    const answer = open.get(message.id);
    if (answer === undefined) return; // it was sent to its end meanwhile
    if (message.kind === 'drop') {
      open.delete(message.id);
      answer.gone.aborted = true;
    } else {
      answer.wanted++;
      goOn(message.id, answer);
    }
  });

  function begin(id: number, answer: OpenAnswer, { status, contentType, pieces }: TextReply): void {
    if (!open.has(id)) return;
    answer.pieces = pieces[Symbol.iterator]();
    attempt(id, () => {
      const isLast = writer.fill(answer.pieces as Iterator<TextPiece>, PIECE_BYTES);
      if (isLast && writer.length <= SHORT_BYTES) {
        open.delete(id);
        send({ id, kind: 'whole', status, contentType, body: writer.takeText() });
      } else send({ id, kind: 'opened', status, contentType, ...filledPiece(id, answer, isLast) });
    });
    goOn(id, answer);
  }

  /** Each piece in a turn of its own: others have theirs in between. */
  function goOn(id: number, answer: OpenAnswer): void {
    if (answer.wanted === 0 || answer.pieces === null || !open.has(id)) return;
    // A turn of the event loop, not a moment of time: there is nothing that a test would hold still.
    // eslint-disable-next-line no-restricted-globals
    setImmediate(() => {
      if (answer.wanted === 0 || !open.has(id)) return;
      attempt(id, () => send({ id, kind: 'piece', ...nextPiece(id, answer) }));
      goOn(id, answer);
    });
  }

  function nextPiece(id: number, answer: OpenAnswer): Piece {
    return filledPiece(id, answer, writer.fill(answer.pieces as Iterator<TextPiece>, PIECE_BYTES));
  }

  function filledPiece(id: number, answer: OpenAnswer, isLast: boolean): Piece {
    answer.wanted--;
    if (isLast) open.delete(id);
    return { body: writer.take(), isLast };
  }

  function attempt(id: number, run: () => void): void {
    try {
      run();
    } catch (error) {
      writer.clear();
      fail(id, error);
    }
  }

  function fail(id: number, error: unknown): void {
    if (!open.delete(id)) return;
    send({ id, kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }

  function send(message: FromAnswerer): void {
    if (message.kind === 'failed' || message.kind === 'whole') channel.post(message);
    else channel.post(message, [message.body.buffer]);
  }
}
