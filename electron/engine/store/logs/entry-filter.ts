import { LOG_LEVELS } from '../../collect/parse/log-level.ts';
import type { LogLevel } from '../../collect/parse/log-level.ts';
import type { LogType } from '../../config/configuration.ts';
import type { BlockHeader } from './day-file.ts';
import { isAsciiWord } from './index-terms.ts';
import type { LogBlock } from './log-block.ts';
import type { EntryKey, LogOrigin } from './log-entry.ts';
import { containsLiteral, parseTextQuery } from './text-query.ts';
import type { LiteralTerm, QueryProblem, TextQuery, TextTerm } from './text-query.ts';

/** Which entries are meant. What is left out, or an empty list, excludes nothing. */
export interface LogSelection {
  /** Epoch milliseconds, inclusive. */
  readonly fromMs: number;
  /** Epoch milliseconds, exclusive. */
  readonly toMs: number;
  readonly sources?: readonly string[];
  readonly types?: readonly LogType[];
  readonly levels?: readonly LogLevel[];
  /** See `TextTerm` for the language. */
  readonly text?: string;
}

/** A selection made ready to run. Both keys are exclusive bounds. */
export interface EntryFilter {
  readonly after: EntryKey;
  readonly before: EntryKey;
  readonly sources: ReadonlySet<string> | null;
  readonly types: ReadonlySet<LogType> | null;
  /** By position in `LOG_LEVELS`. */
  readonly levels: readonly boolean[];
  readonly allLevels: boolean;
  readonly file: string | null;
  readonly text: TextQuery;
  /** Entries that came later are not seen, so that a page shows one moment. */
  readonly maxSequence: number;
}

export type CompiledFilter =
  { readonly ok: true; readonly value: EntryFilter } | { readonly ok: false; readonly problem: QueryProblem };

export function compileFilter(selection: LogSelection, maxSequence: number): CompiledFilter {
  const text = parseTextQuery(selection.text ?? '');
  if (!text.ok) return text;
  const levels = setOf(selection.levels);
  return {
    ok: true,
    value: {
      after: { timestampMs: selection.fromMs, sequence: 0 },
      before: { timestampMs: selection.toMs, sequence: 0 },
      sources: setOf(selection.sources),
      types: setOf(selection.types),
      levels: LOG_LEVELS.map((level) => levels?.has(level) ?? true),
      allLevels: levels === null,
      file: null,
      text: text.value,
      maxSequence,
    },
  };
}

/** Entries of a sealed block that its header lets through; 0 lets the block be left unread. */
export function countPassing(header: BlockHeader, filter: EntryFilter): number {
  if (header.lastMs < filter.after.timestampMs || header.firstMs > filter.before.timestampMs) return 0;
  let count = 0;
  for (const [source, levels] of Object.entries(header.counts)) {
    if (filter.sources !== null && !filter.sources.has(source)) continue;
    for (const [code, entries] of levels.entries()) if (filter.levels[code] === true) count += entries;
  }
  return count;
}

/** Positions of the entries that pass everything, ascending. */
export function matchBlock(block: LogBlock, filter: EntryFilter): number[] {
  const candidates = passingColumns(block, filter);
  if (candidates.length === 0 || filter.text.terms.length === 0) return candidates;
  const folded = block.foldedTexts();
  const driver = folded === null ? null : longestLiteral(filter.text.terms);
  const rest = filter.text.terms.filter((term) => term !== driver);
  const found = driver === null || folded === null ? candidates : withLiteral(block, folded, candidates, driver);
  return rest.length === 0 ? found : found.filter((index) => rest.every((term) => holds(block, index, term)));
}

function passingColumns(block: LogBlock, filter: EntryFilter): number[] {
  const { timestampsMs, sequences, levels, originIds, length } = block.head;
  const passesOrigin: boolean[] = [];
  const passing: number[] = [];
  for (let index = 0; index < length; index++) {
    const timestampMs = timestampsMs[index] ?? 0;
    const sequence = sequences[index] ?? 0;
    if (timestampMs < filter.after.timestampMs || timestampMs > filter.before.timestampMs) continue;
    if (timestampMs === filter.after.timestampMs && sequence <= filter.after.sequence) continue;
    if (timestampMs === filter.before.timestampMs && sequence >= filter.before.sequence) continue;
    if (sequence > filter.maxSequence || filter.levels[levels[index] ?? 0] !== true) continue;
    const originId = originIds[index] ?? 0;
    if ((passesOrigin[originId] ??= passes(block.originOf(originId), filter))) passing.push(index);
  }
  return passing;
}

function passes(origin: LogOrigin, filter: EntryFilter): boolean {
  return (filter.sources?.has(origin.source) ?? true) && (filter.file === null || filter.file === origin.file);
}

/** Walk the hits through the whole block, which is many times faster than asking each entry. */
function withLiteral(block: LogBlock, folded: string, candidates: readonly number[], term: LiteralTerm): number[] {
  const { textEnds } = block.head;
  const found: number[] = [];
  let next = 0;
  let at = folded.indexOf(term.folded, 0);
  while (at >= 0 && next < candidates.length) {
    while (next < candidates.length && (textEnds[candidates[next] ?? 0] ?? 0) <= at) next++;
    const index = candidates[next];
    if (index === undefined) break;
    const start = block.textStart(index);
    const end = textEnds[index] ?? 0;
    if (at < start) {
      at = folded.indexOf(term.folded, start);
      continue;
    }
    const isCut = at + term.folded.length > end;
    const isInsideWord = term.startsAtWord && at > start && isAsciiWord(folded.charCodeAt(at - 1));
    if (isCut || isInsideWord) {
      at = folded.indexOf(term.folded, at + 1);
      continue;
    }
    found.push(index);
    next++;
    at = folded.indexOf(term.folded, end);
  }
  return found;
}

function holds(block: LogBlock, index: number, term: TextTerm): boolean {
  const isFound =
    term.kind === 'literal' ? containsLiteral(block.foldedText(index), term) : term.test(block.text(index));
  return isFound !== term.isNegated;
}

function longestLiteral(terms: readonly TextTerm[]): LiteralTerm | null {
  let longest: LiteralTerm | null = null;
  for (const term of terms) {
    if (term.kind !== 'literal' || term.isNegated) continue;
    if (longest === null || term.folded.length > longest.folded.length) longest = term;
  }
  return longest;
}

function setOf<T>(values: readonly T[] | undefined): ReadonlySet<T> | null {
  return values === undefined || values.length === 0 ? null : new Set(values);
}
