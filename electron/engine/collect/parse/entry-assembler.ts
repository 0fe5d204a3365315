import { FormatDetector } from './format-detector.ts';
import { joinLine } from './line-joiner.ts';
import type { OpenEntry, TraceKind } from './line-joiner.ts';
import type { LogLevel } from './log-level.ts';
import { parseLine } from './parse-line.ts';
import type { LineFormat } from './parse-line.ts';
import { TimeReader } from './time-reader.ts';

export interface AssembledEntry {
  readonly timestampMs: number;
  readonly level: LogLevel;
  readonly text: string;
  /** Where its last line ended: everything before this place of the stream is in this entry or an earlier one. */
  readonly endOffset: number;
}

interface Open extends OpenEntry {
  readonly timestampMs: number;
  readonly level: LogLevel;
  readonly lines: string[];
  length: number;
  endOffset: number;
  trace: TraceKind;
  lineCount: number;
  /** Whether the format of its line leaves nothing to follow. */
  readonly isWhole: boolean;
  /** Empty lines after the last line, kept only if another line joins. */
  emptyLines: number;
}

/** An entry that grows past this is closed, and what follows begins another: no input makes it endless. */
const MAX_LINES = 2000;
const MAX_LENGTH = 256 * 1024;
/** A line without a time was written with the one before it when they were read together. */
const SAME_STRETCH_MS = 2000;
const WHOLE_FORMATS: readonly LineFormat[] = ['json', 'access', 'logfmt'];
const MESSAGE_FORMATS: readonly LineFormat[] = ['timestamped', 'python', 'klog', 'syslog'];

/** Turns the lines of one stream into entries: finds time and level, and joins lines that belong together. */
export class EntryAssembler {
  readonly #time: TimeReader;
  readonly #detector = new FormatDetector();
  #open: Open | null = null;
  #previousTimeMs: number | null = null;
  #previousReadAtMs = 0;

  constructor(time = new TimeReader()) {
    this.#time = time;
  }

  get format(): LineFormat {
    return this.#detector.format;
  }

  /** Whether more may well follow that belongs to the lines that wait: not after a line that is complete in itself. */
  get expectsMore(): boolean {
    return this.#open !== null && (this.#open.lineCount > 1 || !this.#open.isWhole);
  }

  /**
   * @param endOffset where the line ended in the stream, line break included
   * @returns the entry that this line closed, if it did
   */
  push(line: string, endOffset: number, readAtMs: number): AssembledEntry | null {
    if (line.trim() === '') {
      if (this.#open !== null) {
        this.#open.emptyLines++;
        this.#open.endOffset = endOffset;
      }
      return null;
    }
    const parsed = parseLine(line, this.#time, readAtMs, this.#detector.format);
    if (parsed.format !== 'plain') {
      this.#detector.add(parsed.format);
      return this.#begin(line, endOffset, readAtMs, parsed, 'none', parsed.format);
    }
    const joining = joinLine(line, this.#open);
    if (joining.joins && this.#open !== null && this.#open.lineCount < MAX_LINES && this.#open.length < MAX_LENGTH) {
      this.#extend(this.#open, line, endOffset, joining.trace, joining.level);
      return null;
    }
    this.#detector.add('plain');
    const level = parsed.level === 'unknown' ? joining.level : parsed.level;
    return this.#begin(line, endOffset, readAtMs, { timestampMs: null, level }, joining.trace, 'plain');
  }

  /** Close the entry that is open, if there is one. */
  flush(): AssembledEntry | null {
    const open = this.#open;
    this.#open = null;
    if (open === null) return null;
    return { timestampMs: open.timestampMs, level: open.level, text: open.lines.join('\n'), endOffset: open.endOffset };
  }

  #begin(
    line: string,
    endOffset: number,
    readAtMs: number,
    facts: { readonly timestampMs: number | null; readonly level: LogLevel },
    trace: TraceKind,
    format: LineFormat,
  ): AssembledEntry | null {
    const closed = this.flush();
    const isSameStretch = readAtMs - this.#previousReadAtMs < SAME_STRETCH_MS;
    const inheritedMs = isSameStretch ? (this.#previousTimeMs ?? readAtMs) : readAtMs;
    if (facts.timestampMs !== null) this.#previousTimeMs = facts.timestampMs;
    else if (!isSameStretch) this.#previousTimeMs = null;
    this.#previousReadAtMs = readAtMs;
    this.#open = {
      timestampMs: facts.timestampMs ?? inheritedMs,
      level: facts.level,
      lines: [line],
      length: line.length,
      endOffset,
      trace,
      isMessage: MESSAGE_FORMATS.includes(format),
      isWhole: WHOLE_FORMATS.includes(format),
      lineCount: 1,
      emptyLines: 0,
    };
    return closed;
  }

  #extend(open: Open, line: string, endOffset: number, trace: TraceKind, level: LogLevel): void {
    for (; open.emptyLines > 0; open.emptyLines--) open.lines.push('');
    open.lines.push(line);
    open.length += line.length + 1;
    open.endOffset = endOffset;
    open.lineCount++;
    open.trace = trace;
    if (open.level === 'unknown' && level !== 'unknown') this.#open = { ...open, level };
  }
}
