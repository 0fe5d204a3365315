/** What stands in place of a value that is not known; never 0. */
export const MISSING = '—';

/** Three significant digits and no more, without exponent below a million: `0.0421`, `3.14`, `128`, `12,300`. */
export function formatNumber(value: number | null | undefined, locale: string): string {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  if (!Number.isFinite(value)) return value > 0 ? '+∞' : '−∞';
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-4)) {
    return formatter(locale, {
      notation: size >= 1e6 && size < 1e15 ? 'compact' : 'scientific',
      maximumSignificantDigits: 3,
    }).format(value);
  }
  return formatter(locale, { maximumSignificantDigits: 3, roundingMode: 'halfExpand' }).format(value);
}

/** A whole number with separators, never shortened: for counts that a person may compare. */
export function formatCount(value: number | null | undefined, locale: string): string {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  return formatter(locale, { maximumFractionDigits: 0 }).format(value);
}

/** A share 0–1 as a percentage. Close to the whole it keeps the digits that matter: `99.95 %`, never a false `100 %`. */
export function formatRatio(ratio: number | null | undefined, locale: string): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return MISSING;
  const percent = ratio * 100;
  const nearlyWhole = percent > 99 && percent < 100;
  const digits = nearlyWhole ? 2 : Math.abs(percent) >= 100 ? 0 : Math.abs(percent) >= 10 ? 1 : 2;
  const shown = nearlyWhole ? Math.floor(percent * 100) / 100 : percent;
  return `${formatter(locale, { maximumFractionDigits: digits }).format(shown)} %`;
}

const formatters = new Map<string, Intl.NumberFormat>();

/** `Intl` formatters cost about 50 µs to make, so each kind is made once. */
function formatter(locale: string, options: Intl.NumberFormatOptions & { roundingMode?: string }): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale, options);
  formatters.set(key, made);
  return made;
}
