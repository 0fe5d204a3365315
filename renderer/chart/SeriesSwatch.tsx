import styles from './Chart.module.css';
import { lineLooks } from './palette.ts';
import type { ChartSeries } from './series.ts';

/** A piece of the line of a series, in its colour and dash. */
export function SeriesSwatch({ series, of }: { series: readonly ChartSeries[]; of: ChartSeries }) {
  const look = lineLooks(series.map(({ key }) => key))[series.indexOf(of)];
  if (look === undefined) return null;
  return (
    <svg
      className={styles.swatch}
      data-colour={look.colour}
      width="16"
      height="8"
      viewBox="0 0 16 8"
      aria-hidden="true"
    >
      <path d="M0 4h16" stroke="currentColor" strokeWidth="2.5" strokeDasharray={look.dash.join(' ')} />
    </svg>
  );
}
