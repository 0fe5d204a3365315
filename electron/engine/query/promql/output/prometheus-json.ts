import type { Labels } from '../../../../../shared/model/labels.ts';
import { formatGoFloat } from '../syntax/go-number.ts';
import type { QueryResult, ResultSeries } from './result.ts';

/** The JSON text of the `data` member with which Prometheus's HTTP API answers a query. */
export function prometheusJson(result: QueryResult): string {
  let text = '';
  for (const piece of prometheusJsonPieces(result)) text += piece;
  return text;
}

/**
 * The same text in pieces of one series each, so that a thread can do other things between them and need not hold a long
 * answer as one string.
 */
export function* prometheusJsonPieces(result: QueryResult): Generator<string, void> {
  switch (result.type) {
    case 'vector':
      yield '{"resultType":"vector","result":[';
      for (const [i, { labels, timestampMs, value }] of result.samples.entries()) {
        yield `${i === 0 ? '' : ','}{"metric":${labelsJson(labels)},"value":[${secondsText(timestampMs)},${valueText(value)}]}`;
      }
      yield ']}';
      return;
    case 'matrix': {
      const points = new PointsText();
      yield '{"resultType":"matrix","result":[';
      for (const [i, series] of result.series.entries()) {
        yield `${i === 0 ? '' : ','}{"metric":${labelsJson(series.labels)},"values":[${points.of(series)}]}`;
      }
      yield ']}';
      return;
    }
    case 'scalar':
      yield `{"resultType":"scalar","result":[${secondsText(result.timestampMs)},${valueText(result.value)}]}`;
      return;
    case 'string':
      yield `{"resultType":"string","result":[${secondsText(result.timestampMs)},${JSON.stringify(result.value)}]}`;
  }
}

/** `[time,"` of one step, and the step that came after it in the series before. */
interface PointHead {
  readonly timestampMs: number;
  readonly bytes: Uint8Array;
  next: PointHead | null;
}

const COMMA = 44;
const QUOTE = 34;
const CLOSE = 93;
/** A double has at most 24 characters, a time with milliseconds 17; and there is room for what stands around them. */
const LONGEST_POINT = 64;

/**
 * Points as text. Nearly all of a long answer is points, so they are put together as bytes: adding to a text would make
 * three objects for each. All series share the steps of the query, whose texts are made once.
 */
class PointsText {
  readonly #heads = new Map<number, PointHead>();
  #bytes = Buffer.alloc(0);

  of({ timestamps, values }: ResultSeries): string {
    if (this.#bytes.length < values.length * LONGEST_POINT) this.#bytes = Buffer.alloc(values.length * LONGEST_POINT);
    const bytes = this.#bytes;
    let at = 0;
    let previous: PointHead | null = null;
    for (let i = 0; i < timestamps.length; i++) {
      const head: PointHead = this.#head(timestamps[i] as number, previous);
      previous = head;
      if (i > 0) bytes[at++] = COMMA;
      bytes.set(head.bytes, at);
      at += head.bytes.length;
      const text = formatGoFloat(values[i] as number);
      for (let k = 0; k < text.length; k++) bytes[at++] = text.charCodeAt(k);
      bytes[at++] = QUOTE;
      bytes[at++] = CLOSE;
    }
    return bytes.toString('latin1', 0, at);
  }

  #head(timestampMs: number, previous: PointHead | null): PointHead {
    if (previous?.next?.timestampMs === timestampMs) return previous.next;
    let head = this.#heads.get(timestampMs);
    if (head === undefined) {
      head = { timestampMs, bytes: Buffer.from(`[${secondsText(timestampMs)},"`), next: null };
      this.#heads.set(timestampMs, head);
    }
    if (previous !== null) previous.next = head;
    return head;
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
