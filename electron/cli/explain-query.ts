import { parseDuration } from '../engine/config/index.ts';
import type { Instance } from './instance-client.ts';
import { type ExitCode, formatTable, type Output } from './output.ts';
import type { QueryOptions } from './query-command.ts';

/** `vedette query --explain 'EXPR'`: the tree of an expression with what each node read, gave and cost. */
export async function explainQuery(
  instance: Instance,
  expr: string,
  { time, start, end, step, json }: QueryOptions,
  output: Output,
): Promise<ExitCode> {
  const times = { time: readTime(time), start: readTime(start), end: readTime(end) };
  const stepMs = step === undefined ? undefined : (parseDuration(step) ?? Number(step) * 1000);
  const given = Object.entries({ ...times, stepMs }).filter(([, value]) => value !== undefined);
  const bad = given.find(([, value]) => Number.isNaN(value));
  if (bad !== undefined) {
    output.err(`vedette query: --${bad[0].replace('Ms', '')} is no time.\n`);
    return 2;
  }
  const answer = await instance.client.metrics.explain({ expr, ...Object.fromEntries(given) });
  if (json) {
    output.out(`${JSON.stringify(answer, null, 2)}\n`);
    return 0;
  }
  const rows = answer.nodes.map(({ depth, text, series, samples, durationMs }) => [
    String(series),
    String(samples),
    durationMs.toFixed(2),
    `${'  '.repeat(depth)}${text}`,
  ]);
  output.out(`${formatTable([['series', 'samples', 'ms', 'expression'], ...rows])}\n`);
  return 0;
}

/** Epoch milliseconds of Unix seconds or an RFC 3339 time; NaN for anything else. */
function readTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  return Number.isNaN(seconds) ? Date.parse(text) : seconds * 1000;
}
