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
      // All series share the steps of the query, so their texts are made once.
      const pointHeads = new Map<number, string>();
      yield '{"resultType":"matrix","result":[';
      for (const [i, series] of result.series.entries()) {
        yield `${i === 0 ? '' : ','}{"metric":${labelsJson(series.labels)},"values":[${pointsJson(series, pointHeads)}]}`;
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

function pointsJson({ timestamps, values }: ResultSeries, heads: Map<number, string>): string {
  let points = '';
  for (let i = 0; i < timestamps.length; i++) {
    const timestampMs = timestamps[i] as number;
    let head = heads.get(timestampMs);
    if (head === undefined) {
      head = `[${secondsText(timestampMs)},`;
      heads.set(timestampMs, head);
    }
    points += `${i === 0 ? '' : ','}${head}${valueText(values[i] as number)}]`;
  }
  return points;
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
