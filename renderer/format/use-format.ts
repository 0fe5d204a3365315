import { useLingui } from '@lingui/react';
import { useMemo } from 'react';
import { formatCount, formatNumber, formatRatio } from './number.ts';
import { formatClock, formatClockMs, formatDateTime, formatDuration, formatRelative } from './time.ts';
import { formatBytes, formatValue, type Unit } from './unit.ts';

/** The formatting functions in the language of the interface. */
export interface Format {
  readonly locale: string;
  readonly number: (value: number | null | undefined) => string;
  readonly count: (value: number | null | undefined) => string;
  readonly ratio: (value: number | null | undefined) => string;
  readonly bytes: (value: number | null | undefined) => string;
  readonly value: (value: number | null | undefined, unit: Unit) => string;
  readonly duration: (durationMs: number | null | undefined) => string;
  readonly relative: (at: number | null | undefined, now: number) => string;
  readonly clock: (at: number | null | undefined) => string;
  readonly clockMs: (at: number | null | undefined) => string;
  readonly dateTime: (at: number | null | undefined) => string;
}

export function useFormat(): Format {
  const { i18n } = useLingui();
  const locale = i18n.locale;
  return useMemo(
    () => ({
      locale,
      number: (value) => formatNumber(value, locale),
      count: (value) => formatCount(value, locale),
      ratio: (value) => formatRatio(value, locale),
      bytes: (value) => formatBytes(value, locale),
      value: (value, unit) => formatValue(value, unit, locale),
      duration: (value) => formatDuration(value, locale),
      relative: (at, now) => formatRelative(at, now, locale),
      clock: (at) => formatClock(at, locale),
      clockMs: (at) => formatClockMs(at, locale),
      dateTime: formatDateTime,
    }),
    [locale],
  );
}
