import type { Labels } from '../../../../../shared/model/labels.ts';
import { formatGoFloat } from '../syntax/go-number.ts';
import type { QueryResult } from './result.ts';

/** The JSON text of the `data` member with which Prometheus's HTTP API answers a query. */
export function prometheusJson(result: QueryResult): string {
  switch (result.type) {
    case 'vector': {
      const samples = result.samples.map(
        ({ labels, timestampMs, value }) => `{"metric":${labelsJson(labels)},"value":${pointJson(timestampMs, value)}}`,
      );
      return `{"resultType":"vector","result":[${samples.join(',')}]}`;
    }
    case 'matrix': {
      const series = result.series.map(({ labels, timestamps, values }) => {
        // One growing string: pieces in an array would cost an object per point.
        let points = '';
        for (let i = 0; i < timestamps.length; i++) {
          points += (i === 0 ? '' : ',') + pointJson(timestamps[i] as number, values[i] as number);
        }
        return `{"metric":${labelsJson(labels)},"values":[${points}]}`;
      });
      return `{"resultType":"matrix","result":[${series.join(',')}]}`;
    }
    case 'scalar':
      return `{"resultType":"scalar","result":${pointJson(result.timestampMs, result.value)}}`;
    case 'string': {
      const time = secondsText(result.timestampMs);
      return `{"resultType":"string","result":[${time},${JSON.stringify(result.value)}]}`;
    }
  }
}

function labelsJson(labels: Labels): string {
  let text = '{';
  for (let i = 0; i < labels.length; i += 2) {
    text += `${i === 0 ? '' : ','}${JSON.stringify(labels[i])}:${JSON.stringify(labels[i + 1])}`;
  }
  return `${text}}`;
}

function pointJson(timestampMs: number, value: number): string {
  return `[${secondsText(timestampMs)},"${formatGoFloat(value)}"]`;
}

/** Seconds with as many of three decimals as are needed. Dividing a whole number of milliseconds prints exactly. */
function secondsText(timestampMs: number): string {
  return String(timestampMs / 1000);
}
