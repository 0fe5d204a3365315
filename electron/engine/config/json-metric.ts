/** How a series is read from a JSON answer. Paths are JSONPath (RFC 9535). */
export interface JsonMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'unknown';
  readonly help: string;
  readonly unit: string;
  /** Selects the items, each of which becomes a series; the paths below begin at an item. */
  readonly each: string;
  readonly value: string;
  /** Names that a text may have, and the number that stands for it; matched as written. */
  readonly map: Readonly<Record<string, number>>;
  /** The value is multiplied by it, to come to base units. */
  readonly scale: number;
  /** A value that begins with `$` is a path, any other is the label's text. */
  readonly labels: Readonly<Record<string, string>>;
  /** Path of the sample's time: RFC 3339, or Unix seconds or milliseconds. Null takes the time of the scrape. */
  readonly timestamp: string | null;
}
