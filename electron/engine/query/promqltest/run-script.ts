import type { Clock } from '../../schedule/clock.ts';
import { queryInstant, queryRange } from '../promql/index.ts';
import type { QueryOptions } from '../promql/index.ts';
import { checkOutcome } from './check-result.ts';
import { MemorySource } from './memory-source.ts';
import type { ScriptSample } from './memory-source.ts';
import { parseScript } from './parse-script.ts';
import type { ScriptCommand } from './parse-script.ts';

/** How one `eval` of a script went. */
export interface CaseResult {
  readonly line: number;
  readonly query: string;
  /** `null` when it passed. */
  readonly problem: string | null;
}

export type ScriptOutcome =
  | { readonly ok: true; readonly cases: readonly CaseResult[] }
  | { readonly ok: false; readonly problem: { readonly message: string; readonly line: number } };

/**
 * Run a script in the language of Prometheus's promqltest. Every instant case is also asked as a range query around its
 * time, whose middle point must be the same. Native histograms are not known; their points are left out.
 */
export async function runScript(text: string, options: { readonly clock: Clock }): Promise<ScriptOutcome> {
  const script = parseScript(text);
  if (!script.ok) return script;
  let source = new MemorySource();
  const cases: CaseResult[] = [];
  for (const command of script.commands) {
    if (command.kind === 'clear') source = new MemorySource();
    else if (command.kind === 'load') load(source, command);
    else
      cases.push({ line: command.line, query: command.query, problem: await runCase(source, command, options.clock) });
  }
  return { ok: true, cases };
}

function load(source: MemorySource, { stepMs, series }: ScriptCommand & { kind: 'load' }): void {
  for (const { labels, points } of series) {
    const samples = points.flatMap((point, i): ScriptSample[] =>
      point === null || typeof point === 'object' ? [] : [{ timestampMs: i * stepMs, value: point }],
    );
    source.append(labels, samples);
  }
}

const MINUTE_MS = 60_000;

async function runCase(
  source: MemorySource,
  command: ScriptCommand & { kind: 'instant' | 'range' },
  clock: Clock,
): Promise<string | null> {
  const options: QueryOptions = { clock, delaysNameRemoval: true };
  const { query, expected } = command;
  if (command.kind === 'range') {
    return checkOutcome(await queryRange(source, query, { ...options, ...command.steps }), expected, command.steps);
  }
  const { timeMs } = command;
  const problem = checkOutcome(await queryInstant(source, query, { ...options, timeMs }), expected, null);
  if (problem !== null || !agreesWithRange(command)) return problem;
  const range = await queryRange(source, query, {
    ...options,
    startMs: timeMs - MINUTE_MS,
    endMs: timeMs + MINUTE_MS,
    stepMs: MINUTE_MS,
  });
  if (!range.ok || range.value.type !== 'matrix') {
    // Outside its own time a case may fail where it should not, but one that must fail has to do so here too.
    return range.ok || expected.fail !== null ? null : `as a range: ${range.problem.message}`;
  }
  if (expected.fail !== null) return 'as a range, the query should have failed';
  const samples = range.value.series.flatMap(({ labels, timestamps, values }) => {
    const at = timestamps.indexOf(timeMs);
    return at < 0 ? [] : [{ labels, timestampMs: timeMs, value: values[at] as number }];
  });
  const [sample] = samples;
  const isScalar = expected.scalar !== null && sample !== undefined;
  const value = isScalar
    ? ({ type: 'scalar', timestampMs: timeMs, value: sample.value } as const)
    : ({ type: 'vector', samples } as const);
  const unremarked = { ...expected, warn: [], info: [], noWarn: false, noInfo: false };
  const rangeProblem = checkOutcome({ ...range, value }, unremarked, null);
  return rangeProblem === null ? null : `as a range: ${rangeProblem}`;
}

/** Whether the instant value must be the middle of a range; order, strings and the query's own ends make a difference. */
function agreesWithRange({ query, expected }: ScriptCommand & { kind: 'instant' }): boolean {
  if (expected.isOrdered || expected.string !== null || expected.rangeVector !== null) return false;
  return !/\b(?:start|end|range|step)\s*\(\s*\)/.test(query);
}
