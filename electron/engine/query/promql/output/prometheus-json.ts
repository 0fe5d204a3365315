import type { Labels } from '../../../../../shared/model/labels.ts';
import { formatGoFloat } from '../syntax/go-number.ts';
import { NumberWriter, writeSeconds } from './number-writer.ts';
import type { QueryResult, ResultSeries } from './result.ts';

/** The JSON text of the `data` member with which Prometheus's HTTP API answers a query. */
export function prometheusJson(result: QueryResult): string {
  let text = '';
  for (const piece of prometheusJsonPieces(result)) {
    text +=
      typeof piece === 'string' ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1');
  }
  return text;
}

/**
 * The same text in pieces of at most one series each, so that a thread can do other things between them and need not hold
 * a long answer as one text. The points of a series come as bytes (ASCII), valid until the next piece is asked for.
 *
 * @param stats the JSON text of a further member; null for none
 */
export function* prometheusJsonPieces(
  result: QueryResult,
  stats: string | null = null,
): Generator<string | Uint8Array, void> {
  const end = stats === null ? '}' : `,"stats":${stats}}`;
  switch (result.type) {
    case 'vector':
      yield '{"resultType":"vector","result":[';
      for (const [i, { labels, timestampMs, value }] of result.samples.entries()) {
        yield `${i === 0 ? '' : ','}{"metric":${labelsJson(labels)},"value":[${secondsText(timestampMs)},${valueText(value)}]}`;
      }
      yield `]${end}`;
      return;
    case 'matrix': {
      const points = new PointsText();
      yield '{"resultType":"matrix","result":[';
      for (const [i, series] of result.series.entries()) {
        yield `${i === 0 ? '' : ']},'}{"metric":${labelsJson(series.labels)},"values":[`;
        yield* points.of(series);
      }
      yield `${result.series.length === 0 ? '' : ']}'}]${end}`;
      return;
    }
    case 'scalar':
      yield `{"resultType":"scalar","result":[${secondsText(result.timestampMs)},${valueText(result.value)}]${end}`;
      return;
    case 'string':
      yield `{"resultType":"string","result":[${secondsText(result.timestampMs)},${JSON.stringify(result.value)}]${end}`;
  }
}

const OPEN = 91;
const COMMA = 44;
const QUOTE = 34;
const CLOSE = 93;
/** A double has at most 24 characters, a time with milliseconds 17; and there is room for what stands around them. */
const LONGEST_POINT = 64;
/** Room for as many as come at once: memory of this size is handed out again and again, larger blocks are fetched anew. */
const POINTS_BYTES = 16 * 1024;

/**
 * Points as text. Nearly all of a long answer is points, so they are put together as bytes: adding to a text would make
 * three objects for each.
 */
class PointsText {
  readonly #numbers = new NumberWriter();
  readonly #bytes = new Uint8Array(POINTS_BYTES);

  *of({ timestamps, values }: ResultSeries): Generator<Uint8Array, void> {
    const bytes = this.#bytes;
    let at = 0;
    for (let i = 0; i < timestamps.length; i++) {
      if (at > bytes.length - LONGEST_POINT) {
        yield bytes.subarray(0, at);
        at = 0;
      }
      if (i > 0) bytes[at++] = COMMA;
      bytes[at++] = OPEN;
      at = writeSeconds(bytes, at, timestamps[i] as number);
      bytes[at++] = COMMA;
      bytes[at++] = QUOTE;
      at = this.#numbers.write(bytes, at, values[i] as number);
      bytes[at++] = QUOTE;
      bytes[at++] = CLOSE;
    }
    yield bytes.subarray(0, at);
  }
}

function valueText(value: number): string {
  return `"${formatGoFloat(value)}"`;
}

function labelsJson(labels: Labels): string {
  let text = '{';
  for (let i = 0; i < labels.length; i += 2) {
    text += `${i === 0 ? '' : ','}${JSON.stringify(labels[i])}:${JSON.stringify(labels[i + 1])}`;
  }
  return `${text}}`;
}

/** Seconds with as many of three decimals as are needed. Dividing a whole number of milliseconds prints exactly. */
function secondsText(timestampMs: number): string {
  return String(timestampMs / 1000);
}
