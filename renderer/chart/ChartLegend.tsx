import { formatValue, type Unit } from '../format/unit.ts';
import { useText } from '../i18n/use-text.ts';
import styles from './Chart.module.css';
import { lastValue } from './columns.ts';
import type { ChartSeries } from './series.ts';
import { SeriesSwatch } from './SeriesSwatch.tsx';

const MOST_SHOWN = 30;

/** The names of the lines with their last values. A click shows one alone, with Ctrl or ⌘ it hides or shows one. */
export function ChartLegend({
  series,
  unit,
  hidden,
  onHidden,
  onPoint,
  locale,
}: {
  series: readonly ChartSeries[];
  unit: Unit;
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
  onPoint: (key: string | null) => void;
  locale: string;
}) {
  const t = useText();
  const choose = (key: string, one: boolean): void => {
    if (one) {
      const next = new Set(hidden);
      if (!next.delete(key)) next.add(key);
      onHidden(next);
      return;
    }
    const others = series.filter((other) => other.key !== key).map((other) => other.key);
    const alone = others.every((other) => hidden.has(other)) && !hidden.has(key);
    onHidden(new Set(alone ? [] : others));
  };
  return (
    <ul className={styles.legend} aria-label={t('chart.legend')}>
      {series.slice(0, MOST_SHOWN).map((one) => (
        <li key={one.key}>
          <button
            type="button"
            className={styles.legendItem}
            aria-pressed={!hidden.has(one.key)}
            title={t('chart.legendHint', { name: one.name })}
            onClick={(event) => {
              choose(one.key, event.ctrlKey || event.metaKey);
            }}
            onPointerEnter={() => {
              onPoint(one.key);
            }}
            onPointerLeave={() => {
              onPoint(null);
            }}
          >
            <SeriesSwatch series={series} of={one} />
            <span className={styles.legendName}>{one.name}</span>
            <span className={styles.legendValue}>{formatValue(lastValue(one.columns)?.value, unit, locale)}</span>
          </button>
        </li>
      ))}
      {series.length > MOST_SHOWN && (
        <li className="muted">{t('common.more', { count: series.length - MOST_SHOWN })}</li>
      )}
    </ul>
  );
}
