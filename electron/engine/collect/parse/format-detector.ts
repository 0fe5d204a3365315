import type { LineFormat } from './parse-line.ts';

/** Lines looked at before the first verdict, and again after as many: a file that changes its layout is followed. */
const WINDOW = 64;

/** Follows which format most lines of a stream have. */
export class FormatDetector {
  #format: LineFormat = 'plain';
  #counts = new Map<LineFormat, number>();
  #seen = 0;
  #isFirstWindow = true;

  /** The format of most lines so far; `plain` until something else is seen. */
  get format(): LineFormat {
    return this.#format;
  }

  add(format: LineFormat): void {
    this.#counts.set(format, (this.#counts.get(format) ?? 0) + 1);
    this.#seen++;
    // The first lines should name a format at once; later ones change it only together.
    if (this.#isFirstWindow || this.#seen >= WINDOW) this.#decide();
    if (this.#seen < WINDOW) return;
    this.#counts = new Map();
    this.#seen = 0;
    this.#isFirstWindow = false;
  }

  #decide(): void {
    let most = 0;
    for (const [format, count] of this.#counts) {
      if (count <= most) continue;
      most = count;
      this.#format = format;
    }
  }
}
