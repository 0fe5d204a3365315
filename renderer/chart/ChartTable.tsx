import { formatDateTime } from '../format/time.ts';
import { formatValue, type Unit } from '../format/unit.ts';
import { useText } from '../i18n/use-text.ts';
import type { TimeSpan } from '../range/time-range.ts';
import styles from './Chart.module.css';
import { valueNear } from './columns.ts';
import type { ChartSeries } from './series.ts';

const ROWS = 60;
const MOST_COLUMNS = 12;

/** The chart as a table: sixty moments, newest first, a column per series. */
export function ChartTable({
  title,
  series,
  range,
  unit,
  gapMs,
  locale,
}: {
  title: string;
  series: readonly ChartSeries[];
  range: TimeSpan;
  unit: Unit;
  gapMs: number;
  locale: string;
}) {
  const t = useText();
  const step = (range.end - range.start) / ROWS;
  const shown = series.slice(0, MOST_COLUMNS);
  const within = Math.max(step / 2, Number.isFinite(gapMs) ? gapMs : 0);
  return (
    <div className={styles.tableBox} tabIndex={0} role="region" aria-label={t('chart.tableOf', { title })}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('chart.time')}</th>
            {shown.map((one) => (
              <th key={one.key} scope="col">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: ROWS }, (_, row) => range.end - row * step).map((at) => (
            <tr key={at}>
              <th scope="row">{formatDateTime(at)}</th>
              {shown.map((one) => (
                <td key={one.key}>{formatValue(valueNear(one.columns, at, within)?.value, unit, locale)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
