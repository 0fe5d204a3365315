/**
 * The samples that a query looks at, step by step, as Prometheus counts them: of a selector one for each series that has a
 * value at the step, of a range all that lie in the window, so that a sample counts again in each window that holds it. What
 * is evaluated once for all steps counts at each of them. Source: Prometheus, util/stats, `QuerySamples`.
 */
export class SampleTally {
  readonly steps: Float64Array;

  constructor(steps: number) {
    this.steps = new Float64Array(steps);
  }

  get total(): number {
    return this.steps.reduce((sum, samples) => sum + samples, 0);
  }

  add(step: number, samples: number): void {
    this.steps[step] = (this.steps[step] as number) + samples; // a step of the frame that the tally was made for
  }

  /** One for each step at which there is a value. */
  addPresent(present: Uint8Array): void {
    for (let step = 0; step < present.length; step++) if (present[step] === 1) this.add(step, 1);
  }

  addEverywhere(samples: number): void {
    for (let step = 0; step < this.steps.length; step++) this.add(step, samples);
  }
}
