import type { Clock } from '../../schedule/clock.ts';
import { parsePromql, PROMQL_FEATURES, queryInstant, queryRange } from '../promql/index.ts';
import type { PromqlFeature, QueryOptions } from '../promql/index.ts';
import { checkOutcome } from './check-result.ts';
import { MemorySource } from './memory-source.ts';
import type { ScriptSample } from './memory-source.ts';
import { parseScript } from './parse-script.ts';
import type { Expectation, ScriptCommand } from './parse-script.ts';
import { pinTime } from './pin-time.ts';

type InstantCase = ScriptCommand & { kind: 'instant' };

/** How one `eval` of a script went, or a block that cannot be read. */
export interface CaseResult {
  readonly line: number;
  /** '' for a block that cannot be read. */
  readonly query: string;
  /** `null` when it passed. */
  readonly problem: string | null;
}

/**
 * Run a script in the language of Prometheus's promqltest. Every instant case is also asked as a range query around its
 * time, whose middle point must be the same, and with its data pinned to its time by `@`, at other times. Native
 * histograms are not known; their points are left out.
 */
export async function runScript(text: string, options: { readonly clock: Clock }): Promise<CaseResult[]> {
  let source = new MemorySource();
  const cases: CaseResult[] = [];
  for (const command of parseScript(text)) {
    const { kind, line } = command;
    if (kind === 'clear') source = new MemorySource();
    else if (kind === 'load') load(source, command);
    else if (kind === 'unreadable') cases.push({ line, query: '', problem: command.message });
    else cases.push({ line, query: command.query, problem: await runCase(source, command, options.clock) });
  }
  return cases;
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
/** Scripts are written for a Prometheus with everything switched on. */
const EVERY_FEATURE: ReadonlySet<PromqlFeature> = new Set(PROMQL_FEATURES);

async function runCase(
  source: MemorySource,
  command: ScriptCommand & { kind: 'instant' | 'range' },
  clock: Clock,
): Promise<string | null> {
  const options: QueryOptions = { clock, delaysNameRemoval: true, features: EVERY_FEATURE };
  const { query, expected } = command;
  if (command.kind === 'range') {
    return checkOutcome(await queryRange(source, query, { ...options, ...command.steps }), expected, command.steps);
  }
  const outcome = await queryInstant(source, query, { ...options, timeMs: command.timeMs });
  const problem = checkOutcome(outcome, expected, null);
  // The query's own ends and steps, and a case that must fail, say nothing about other times.
  if (problem !== null || expected.fail !== null || /\b(?:start|end|range|step)\s*\(\s*\)/.test(query)) return problem;
  return (await runAsRange(source, command, options)) ?? (await runPinned(source, command, options));
}

/** An instant value must also be the middle point of a range around it; order and types of an instant do not apply. */
async function runAsRange(
  source: MemorySource,
  { query, timeMs, expected }: InstantCase,
  options: QueryOptions,
): Promise<string | null> {
  if (expected.isOrdered || expected.string !== null || expected.rangeVector !== null) return null;
  const range = await queryRange(source, query, {
    ...options,
    startMs: timeMs - MINUTE_MS,
    endMs: timeMs + MINUTE_MS,
    stepMs: MINUTE_MS,
  });
  if (!range.ok) return `as a range: ${range.problem.message}`;
  if (range.value.type !== 'matrix') return `as a range: got a ${range.value.type}`;
  const samples = range.value.series.flatMap(({ labels, timestamps, values }) => {
    const at = timestamps.indexOf(timeMs);
    return at < 0 ? [] : [{ labels, timestampMs: timeMs, value: values[at] as number }];
  });
  const [sample] = samples;
  const isScalar = expected.scalar !== null && sample !== undefined;
  const value = isScalar
    ? ({ type: 'scalar', timestampMs: timeMs, value: sample.value } as const)
    : ({ type: 'vector', samples } as const);
  const problem = checkOutcome({ ...range, value }, withoutRemarks(expected), null);
  return problem === null ? null : `as a range: ${problem}`;
}

/** With its data pinned to the time of the case, a query must give the same at any time. */
async function runPinned(
  source: MemorySource,
  { query, timeMs, expected }: InstantCase,
  options: QueryOptions,
): Promise<string | null> {
  const parsed = parsePromql(query, EVERY_FEATURE);
  const pinned = parsed.ok ? pinTime(parsed.value, timeMs) : null;
  if (pinned === null) return null;
  const times = timeMs === 0 ? [-1000, 0, 1000] : [-10 * timeMs, 0, Math.trunc(timeMs / 5), timeMs, 10 * timeMs];
  for (const otherMs of times) {
    const outcome = await queryInstant(source, pinned, { ...options, timeMs: otherMs });
    const problem = checkOutcome(outcome, withoutRemarks(expected), null);
    if (problem !== null) return `pinned, and asked at ${String(otherMs / 1000)} s: ${problem}`;
  }
  return null;
}

/** Remarks name places in the text, and there is no such text here. */
function withoutRemarks(expected: Expectation): Expectation {
  return { ...expected, warn: [], info: [], noWarn: false, noInfo: false };
}
