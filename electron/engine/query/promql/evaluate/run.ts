import type { SampleSource, SeriesColumns } from '../../../store/metrics/sample-source.ts';
import type { Breather } from '../../../schedule/breather.ts';
import type { Clock } from '../../../schedule/clock.ts';
import type { Span } from '../syntax/expr.ts';
import { positionIn } from '../syntax/problem.ts';
import type { SampleTally } from './sample-tally.ts';
import type { Trace } from './trace.ts';

export type FailureKind = 'bad_data' | 'execution' | 'timeout' | 'canceled';

/** Ends a query early. Thrown inside the evaluator only; the public functions turn it into a value. */
export class QueryFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export function failExecution(message: string): never {
  throw new QueryFailure('execution', message);
}

/** The points in time at which a node is evaluated: `count` of them from `startMs`, `stepMs` apart. */
export interface Frame {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

export function frameTime(frame: Frame, step: number): number {
  return frame.startMs + step * frame.stepMs;
}

export function frameEnd(frame: Frame): number {
  return frameTime(frame, frame.count - 1);
}

/** What one query brings along: its data, its rules, its budget, and the remarks that it collects. */
export interface Run {
  readonly source: SampleSource;
  /** The frame of the whole query, for `@ start()`, `@ end()`, `step()` and `range()`. */
  readonly outer: Frame;
  readonly lookbackMs: number;
  readonly subqueryStepMs: number;
  /** Keep names until the end of the query, so that `label_replace` can still see them. */
  readonly delaysNameRemoval: boolean;
  readonly budget: Budget;
  readonly notes: Notes;
  /** What was selected so far, by selector and time range, of the selectors that the expression has more than once. */
  readonly selected: Map<string, SeriesColumns[]>;
  readonly repeated: ReadonlySet<string>;
  /** What was read from the store so far. */
  readonly read: { series: number; samples: number };
  /** Counts what is looked at, of the frame that is being evaluated; `null` where that is not asked for or counts elsewhere. */
  readonly tally: SampleTally | null;
  /** Where the cost of each node is noted; `null` unless the query is to be explained. */
  readonly trace: Trace | null;
}

/** What a query looks at to learn that nobody waits for it any more; an `AbortSignal`, or what a thread makes for less. */
export type Cancellation = Pick<AbortSignal, 'aborted'>;

/** Keeps a query within its time and memory, and lets other work run in between. */
export class Budget {
  readonly #breather: Breather;
  readonly #clock: Clock;
  readonly #deadline: number;
  readonly #timeoutMs: number;
  readonly #maxSamples: number;
  readonly #signal: Cancellation | undefined;
  #samples = 0;
  #peak = 0;

  constructor(options: {
    readonly breather: Breather;
    readonly clock: Clock;
    readonly timeoutMs: number;
    readonly maxSamples: number;
    readonly signal: Cancellation | undefined;
  }) {
    this.#breather = options.breather;
    this.#clock = options.clock;
    this.#timeoutMs = options.timeoutMs;
    this.#deadline = options.clock.monotonic() + options.timeoutMs;
    this.#maxSamples = options.maxSamples;
    this.#signal = options.signal;
  }

  /** Samples held now. A node puts it back to what it was before its inputs once they are used up. */
  get samples(): number {
    return this.#samples;
  }

  set samples(held: number) {
    this.#samples = held;
    this.passing(0);
    this.refuse(0);
  }

  /** The most samples that were held at a time, those of the series that were just passing through included. */
  get peak(): number {
    return this.#peak;
  }

  /** Note that `samples` more are held for a moment. */
  passing(samples: number): void {
    if (this.#samples + samples > this.#peak) this.#peak = this.#samples + samples;
  }

  /** End the query if `more` samples would be too many, before anything is made for them. */
  refuse(more: number): void {
    if (this.#samples + more > this.#maxSamples) {
      failExecution('query processing would load too many samples into memory in query execution');
    }
  }

  /** Wait if other work is due, and end the query if it was cancelled or is late. `undefined` where nothing is due. */
  breathe(): Promise<void> | undefined {
    return this.#breather.isDue() ? this.#pause() : undefined;
  }

  /** End the query if it was cancelled or is late. */
  check(): void {
    if (this.#signal?.aborted === true)
      throw new QueryFailure('canceled', 'query was canceled in expression evaluation');
    if (this.#clock.monotonic() > this.#deadline) {
      const limit = String(this.#timeoutMs / 1000);
      throw new QueryFailure('timeout', `query timed out in expression evaluation after ${limit} s`);
    }
  }

  async #pause(): Promise<void> {
    this.check();
    await this.#breather.pause();
    this.check();
  }
}

/** Remarks on a query, each once, with the place in its text that they are about. */
export class Notes {
  readonly #text: string;
  readonly #warnings = new Set<string>();
  readonly #infos = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  get warnings(): string[] {
    return [...this.#warnings];
  }

  get infos(): string[] {
    return [...this.#infos];
  }

  warn(message: string, span: Span): void {
    this.#warnings.add(`PromQL warning: ${message} ${this.#place(span)}`);
  }

  inform(message: string, span: Span): void {
    this.#infos.add(`PromQL info: ${message} ${this.#place(span)}`);
  }

  #place(span: Span): string {
    const { line, column } = positionIn(this.#text, span.start);
    return `(${String(line)}:${String(column)})`;
  }
}
