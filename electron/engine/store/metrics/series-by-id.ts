import type { Series } from './series-group.ts';

const PAGE_BITS = 8;
const PAGE_SIZE = 1 << PAGE_BITS;

interface Page {
  readonly series: (Series | undefined)[];
  count: number;
}

/**
 * The series by their number. Every sample looks its series up: in pages of an array that takes a tenth of a map's time,
 * and a page whose series are all gone costs nothing, however far the numbers have come.
 */
export class SeriesById {
  readonly #pages: (Page | undefined)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: number): Series | undefined {
    return this.#pages[id >>> PAGE_BITS]?.series[id & (PAGE_SIZE - 1)];
  }

  set(series: Series): void {
    const { id } = series;
    const index = id >>> PAGE_BITS;
    // Filled up to there, as an array with holes is slower to read.
    while (this.#pages.length <= index) this.#pages.push(undefined);
    const page = (this.#pages[index] ??= {
      series: new Array<Series | undefined>(PAGE_SIZE).fill(undefined),
      count: 0,
    });
    if (page.series[id & (PAGE_SIZE - 1)] === undefined) {
      page.count++;
      this.#size++;
    }
    page.series[id & (PAGE_SIZE - 1)] = series;
  }

  delete(id: number): void {
    const page = this.#pages[id >>> PAGE_BITS];
    if (page?.series[id & (PAGE_SIZE - 1)] === undefined) return;
    page.series[id & (PAGE_SIZE - 1)] = undefined;
    page.count--;
    this.#size--;
    if (page.count === 0) this.#pages[id >>> PAGE_BITS] = undefined;
  }

  /** By ascending number. */
  *values(): Generator<Series, void> {
    for (const page of this.#pages) {
      for (const series of page?.series ?? []) if (series !== undefined) yield series;
    }
  }
}
