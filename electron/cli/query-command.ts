import { explainQuery } from './explain-query.ts';
import type { Instance } from './instance-client.ts';
import { type ExitCode, formatTable, type Output } from './output.ts';
import { formatLabels, labelsFromRecord } from '../../shared/model/labels.ts';

export interface QueryOptions {
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly step: string | undefined;
  readonly time: string | undefined;
  readonly json: boolean;
  readonly explain: boolean;
}

/** `vedette query 'EXPR'`: the answer of a running instance, as a table or as Prometheus's JSON, or what it costs. */
export async function queryCommand(
  instance: Instance,
  expr: string,
  options: QueryOptions,
  output: Output,
): Promise<ExitCode> {
  if (options.explain) return explainQuery(instance, expr, options, output);
  const params = new URLSearchParams({ query: expr });
  if (options.start !== undefined) {
    params.set('start', options.start);
    params.set('end', options.end ?? String(Date.now() / 1000));
    params.set('step', options.step ?? '1m');
  } else if (options.time !== undefined) {
    params.set('time', options.time);
  }
  const response = await instance.prometheus(
    `${options.start === undefined ? 'query' : 'query_range'}?${params.toString()}`,
  );
  const text = await response.text();
  if (options.json) {
    output.out(`${text}\n`);
    return response.ok ? 0 : 1;
  }
  const answer = JSON.parse(text) as Answer;
  if (answer.status !== 'success' || answer.data === undefined) {
    output.err(`vedette query: ${answer.error ?? `${instance.url} answered ${String(response.status)}`}\n`);
    return 1;
  }
  for (const warning of [...(answer.warnings ?? []), ...(answer.infos ?? [])]) output.err(`${warning}\n`);
  output.out(`${formatAnswer(answer.data)}\n`);
  return 0;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly data?: AnswerData;
}
type Point = readonly [seconds: number, value: string];
type AnswerData =
  | { readonly resultType: 'vector'; readonly result: readonly { metric: Record<string, string>; value: Point }[] }
  | {
      readonly resultType: 'matrix';
      readonly result: readonly { metric: Record<string, string>; values: readonly Point[] }[];
    }
  | { readonly resultType: 'scalar' | 'string'; readonly result: Point };

function formatAnswer(data: AnswerData): string {
  switch (data.resultType) {
    case 'vector':
      return data.result.length === 0
        ? '(no series match)'
        : formatTable(data.result.map(({ metric, value }) => [formatLabels(labelsFromRecord(metric)), value[1]]));
    case 'matrix':
      return data.result.length === 0
        ? '(no series match)'
        : data.result
            .map(({ metric, values }) =>
              [formatLabels(labelsFromRecord(metric)), ...values.map(formatPoint)].join('\n'),
            )
            .join('\n');
    case 'scalar':
    case 'string':
      return data.result[1];
  }
}

function formatPoint([seconds, value]: Point): string {
  return `  ${new Date(seconds * 1000).toISOString()}  ${value}`;
}
