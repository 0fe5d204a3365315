import type { Clock } from '../../../schedule/clock.ts';
import type { Expr } from '../syntax/expr.ts';

/** What the evaluation of one node cost. */
export interface NodeFigures {
  /** Series that the node gave. */
  series: number;
  /** Samples that a selector read from the store; points that any other node gave. */
  samples: number;
  /** Time spent in the node and what stands below it, without that of the nodes that take its series. */
  milliseconds: number;
}

/** Figures of the nodes of one query, kept while it is explained. */
export class Trace {
  readonly #clock: Clock;
  readonly #figures = new Map<Expr, NodeFigures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  figuresOf(expr: Expr): NodeFigures {
    const known = this.#figures.get(expr);
    if (known !== undefined) return known;
    const figures = { series: 0, samples: 0, milliseconds: 0 };
    this.#figures.set(expr, figures);
    return figures;
  }

  /** Do the work of a node that gives a scalar. */
  async time<Result>(expr: Expr, work: () => Promise<Result>): Promise<Result> {
    const startedAt = this.#clock.monotonic();
    const result = await work();
    this.figuresOf(expr).milliseconds += this.#clock.monotonic() - startedAt;
    return result;
  }

  /** Do a node's work with a sink whose own time does not count for the node. */
  async measure<Given extends unknown[]>(
    expr: Expr,
    sink: (...given: Given) => Promise<void> | undefined,
    pointsOf: (...given: Given) => number,
    work: (sink: (...given: Given) => Promise<void> | undefined) => Promise<void>,
  ): Promise<void> {
    const figures = this.figuresOf(expr);
    const startedAt = this.#clock.monotonic();
    let elsewhereMs = 0;
    await work((...given) => {
      figures.series++;
      figures.samples += pointsOf(...given);
      const givenAt = this.#clock.monotonic();
      const count = (): void => {
        elsewhereMs += this.#clock.monotonic() - givenAt;
      };
      const taken = sink(...given);
      if (taken === undefined) {
        count();
        return undefined;
      }
      return taken.then(count);
    });
    figures.milliseconds += this.#clock.monotonic() - startedAt - elsewhereMs;
  }
}
