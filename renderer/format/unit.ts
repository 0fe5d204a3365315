import { formatNumber, formatRatio, MISSING } from './number.ts';
import { formatDuration } from './time.ts';

/** What a value measures; decides how it is written and which ticks an axis gets. */
export type Unit = 'none' | 'ratio' | 'bytes' | 'bytesPerSecond' | 'perSecond' | 'seconds' | 'milliseconds' | 'celsius';

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes with binary prefixes and three significant digits: `1.5 GiB`. */
export function formatBytes(value: number | null | undefined, locale: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  const exact = value === 0 ? 0 : Math.max(0, Math.floor(Math.log2(Math.abs(value)) / 10));
  // 1,020 KiB has four digits; 1 MiB says the same.
  const power = Math.min(BINARY.length - 1, Math.abs(value) / 1024 ** exact >= 999.5 ? exact + 1 : exact);
  return `${formatNumber(value / 1024 ** power, locale)} ${BINARY[power] ?? 'B'}`;
}

export function formatValue(value: number | null | undefined, unit: Unit, locale: string): string {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  switch (unit) {
    case 'none':
      return formatNumber(value, locale);
    case 'ratio':
      return formatRatio(value, locale);
    case 'bytes':
      return formatBytes(value, locale);
    case 'bytesPerSecond':
      return Number.isFinite(value) ? `${formatBytes(value, locale)}/s` : MISSING;
    case 'perSecond':
      return `${formatNumber(value, locale)}/s`;
    case 'seconds':
      return formatDuration(value * 1000, locale);
    case 'milliseconds':
      return formatDuration(value, locale);
    case 'celsius':
      return `${formatNumber(value, locale)} °C`;
  }
}
