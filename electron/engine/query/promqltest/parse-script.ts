import { parsePromDuration } from '../promql/syntax/go-number.ts';
import { unquoteGo } from '../promql/syntax/go-text.ts';
import { parseSeriesLine, parseSigned, ScriptFailure } from './parse-series.ts';
import type { SeriesLine } from './parse-series.ts';

/** A text that must be equal, a regular expression, or `null` for anything. */
export type TextPattern = { readonly kind: 'msg' | 'regex'; readonly text: string } | null;

export interface Steps {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** What a case demands. Where nothing is said of remarks, none are checked. */
export interface Expectation {
  readonly fail: { readonly pattern: TextPattern } | null;
  readonly isOrdered: boolean;
  readonly warn: readonly TextPattern[];
  readonly info: readonly TextPattern[];
  readonly noWarn: boolean;
  readonly noInfo: boolean;
  readonly string: string | null;
  readonly scalar: number | null;
  readonly rangeVector: Steps | null;
  readonly series: readonly SeriesLine[];
}

export type ScriptCommand =
  | { readonly kind: 'clear'; readonly line: number }
  | { readonly kind: 'load'; readonly line: number; readonly stepMs: number; readonly series: readonly SeriesLine[] }
  | {
      readonly kind: 'instant';
      readonly line: number;
      readonly timeMs: number;
      readonly query: string;
      readonly expected: Expectation;
    }
  | {
      readonly kind: 'range';
      readonly line: number;
      readonly steps: Steps;
      readonly query: string;
      readonly expected: Expectation;
    }
  | { readonly kind: 'unreadable'; readonly line: number; readonly message: string };

/**
 * Read a script in the language of Prometheus's promqltest: blocks of `load`, `eval` and `clear`, each ended by an empty
 * line, comments after `#`. A block that cannot be read does not keep the others from being run.
 */
export function parseScript(text: string): ScriptCommand[] {
  const lines = text.split('\n').map((line) => {
    const trimmed = line.trim();
    return trimmed.startsWith('#') ? '' : trimmed;
  });
  const commands: ScriptCommand[] = [];
  for (let at = 0; at < lines.length; at++) {
    const head = lines[at] as string;
    if (head === '') continue;
    const line = at + 1;
    const body: string[] = [];
    if (!/^clear$/i.test(head)) while ((lines[at + 1] ?? '') !== '') body.push(lines[++at] as string);
    try {
      commands.push(parseCommand(head, body, line));
    } catch (error) {
      if (!(error instanceof ScriptFailure)) throw error;
      commands.push({ kind: 'unreadable', line, message: error.message });
    }
  }
  return commands;
}

const INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?))?\s+(.+)$/i;
const RANGE = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$/i;

function parseCommand(head: string, body: readonly string[], line: number): ScriptCommand {
  if (/^clear$/i.test(head)) return { kind: 'clear', line };
  const load = /^load(?:_with_nhcb)?\s+(\S+)$/i.exec(head);
  if (load !== null) {
    const series = body.map(parseSeriesLine).filter(({ isStartTimes }) => !isStartTimes);
    return { kind: 'load', line, stepMs: parseTime(load[1]), series };
  }
  const range = RANGE.exec(head);
  if (range !== null) {
    const [, legacy, from, to, step, query = ''] = range;
    const steps = { startMs: parseTime(from), endMs: parseTime(to), stepMs: parseTime(step) };
    return { kind: 'range', line, steps, query, expected: parseExpectation(body, legacy) };
  }
  const instant = INSTANT.exec(head);
  if (instant !== null) {
    const [, legacy, at, query = ''] = instant;
    return { kind: 'instant', line, timeMs: parseTime(at), query, expected: parseExpectation(body, legacy) };
  }
  throw new ScriptFailure(`unknown command: ${head}`);
}

function parseTime(text: string | undefined): number {
  if (text === undefined) return 0;
  const isNegative = text.startsWith('-');
  const durationMs = parsePromDuration(text.replace(/^[-+]/, '')) ?? parseSigned(text.replace(/^[-+]/, '')) * 1000;
  return isNegative ? -durationMs : durationMs;
}

type Draft = { -readonly [K in keyof Expectation]: Expectation[K] };

function parseExpectation(body: readonly string[], legacy: string | undefined): Expectation {
  const draft: Draft = {
    fail: legacy === 'fail' ? { pattern: null } : null,
    isOrdered: legacy === 'ordered',
    warn: legacy === 'warn' ? [null] : [],
    info: legacy === 'info' ? [null] : [],
    // Older scripts say what a case must raise, and mean that the others raise nothing.
    noWarn: false,
    noInfo: false,
    string: null,
    scalar: null,
    rangeVector: null,
    series: [],
  };
  for (const line of body) readExpectation(line, draft);
  return draft;
}

const EXPECT = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/;
const EXPECT_RANGE = /^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$/;

function readExpectation(line: string, draft: Draft): void {
  const expect = EXPECT.exec(line);
  if (expect !== null) {
    const [, what, kind, text] = expect;
    const pattern: TextPattern =
      text === undefined ? null : { kind: kind === 'regex' ? 'regex' : 'msg', text: text.trim() };
    if (what === 'ordered') draft.isOrdered = true;
    else if (what === 'fail') draft.fail = { pattern };
    else if (what === 'warn') draft.warn = [...draft.warn, pattern];
    else if (what === 'info') draft.info = [...draft.info, pattern];
    else if (what === 'no_warn') draft.noWarn = true;
    else draft.noInfo = true;
    return;
  }
  const range = EXPECT_RANGE.exec(line);
  if (range !== null) {
    draft.rangeVector = { startMs: parseTime(range[1]), endMs: parseTime(range[2]), stepMs: parseTime(range[3]) };
    return;
  }
  const string = /^expect string\s+(.+)$/.exec(line)?.[1];
  if (string !== undefined) {
    draft.string = unquoteGo(string) ?? failOn(line);
    return;
  }
  const legacyFail = /^expected_fail_(message|regexp)\s+(.+)$/.exec(line);
  if (legacyFail !== null) {
    draft.fail = { pattern: { kind: legacyFail[1] === 'regexp' ? 'regex' : 'msg', text: legacyFail[2] ?? '' } };
    return;
  }
  if (/^[-+]?(?:[\d.]|inf\b|nan\b)/i.test(line) && !line.includes('{')) draft.scalar = parseSigned(line);
  else draft.series = [...draft.series, parseSeriesLine(line)];
}

function failOn(line: string): never {
  throw new ScriptFailure(`cannot read: ${line}`);
}
