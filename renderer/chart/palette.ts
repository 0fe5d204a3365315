import { METRIC_NAME, type LabelRecord } from '../../shared/model/labels.ts';

const COLOURS = 8;
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

/** The look of one line: a colour of the tokens (`--series-1` …) and a dash pattern. */
export interface LineLook {
  /** 1–8. */
  readonly colour: number;
  readonly dash: readonly number[];
}

/**
 * Give every series of a chart its look by a hash of its labels, so that it keeps its colour wherever it appears. When
 * two want the same, the later one takes the next free; from the ninth on, dashes tell them apart.
 *
 * @param keys  one per series, see {@link seriesKey}
 */
export function lineLooks(keys: readonly string[]): LineLook[] {
  const taken = new Set<number>();
  return keys.map((key) => {
    const slots = COLOURS * DASHES.length;
    let colour = hash(key) % COLOURS;
    let round = 0;
    while (round < DASHES.length && taken.has(round * COLOURS + colour)) {
      const start = colour;
      do colour = (colour + 1) % COLOURS;
      while (colour !== start && taken.has(round * COLOURS + colour));
      if (colour === start) round++;
    }
    const slot = (round * COLOURS + colour) % slots;
    taken.add(slot);
    return { colour: (slot % COLOURS) + 1, dash: DASHES[Math.floor(slot / COLOURS)] ?? [] };
  });
}

/** Equal exactly for series with equal labels. */
export function seriesKey(labels: LabelRecord): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}\u0000${labels[name] ?? ''}`)
    .join('\u0001');
}

/** The labels in which a series differs from its neighbours, as words; its metric's name when there are none. */
export function seriesName(labels: LabelRecord, neighbours: readonly LabelRecord[]): string {
  const names = Object.keys(labels).filter(
    (name) => name !== METRIC_NAME && neighbours.some((other) => other[name] !== labels[name]),
  );
  if (names.length > 0) return names.map((name) => labels[name] ?? '').join(' · ');
  return (
    labels[METRIC_NAME] ??
    Object.entries(labels)
      .map(([name, value]) => `${name}="${value}"`)
      .join(', ')
  );
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
