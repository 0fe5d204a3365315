import { DEFAULT_RANGE, parseTime } from './time-range.ts';

/** What every address may carry: the range of the application, and whether live is switched off. */
export interface RangeSearch {
  from?: string;
  to?: string;
  live?: 'off';
}

/** Read the range out of an address; what cannot be understood is left out, and so the default applies. */
export function readRangeSearch(search: Record<string, unknown>): RangeSearch {
  const from = timeText(search['from']);
  const to = timeText(search['to']);
  const read: RangeSearch = {};
  if (from !== null && to !== null && !(from === DEFAULT_RANGE.from && to === DEFAULT_RANGE.to)) {
    read.from = from;
    read.to = to;
  }
  if (search['live'] === 'off') read.live = 'off';
  return read;
}

function timeText(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && parseTime(text, 0) !== null ? text : null;
}
