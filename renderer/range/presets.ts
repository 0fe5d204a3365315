import type { MessageKey } from '../i18n/en.ts';
import type { RangeText } from './time-range.ts';

/** The quick list of the range picker. */
export const PRESETS: readonly (RangeText & { readonly label: MessageKey })[] = [
  { from: 'now-5m', to: 'now', label: 'range.last5m' },
  { from: 'now-15m', to: 'now', label: 'range.last15m' },
  { from: 'now-30m', to: 'now', label: 'range.last30m' },
  { from: 'now-1h', to: 'now', label: 'range.last1h' },
  { from: 'now-3h', to: 'now', label: 'range.last3h' },
  { from: 'now-6h', to: 'now', label: 'range.last6h' },
  { from: 'now-12h', to: 'now', label: 'range.last12h' },
  { from: 'now-24h', to: 'now', label: 'range.last24h' },
  { from: 'now-2d', to: 'now', label: 'range.last2d' },
  { from: 'now-7d', to: 'now', label: 'range.last7d' },
  { from: 'now-30d', to: 'now', label: 'range.last30d' },
  { from: 'now/d', to: 'now', label: 'range.today' },
  { from: 'now-1d/d', to: 'now/d', label: 'range.yesterday' },
  { from: 'now/w', to: 'now', label: 'range.thisWeek' },
];
