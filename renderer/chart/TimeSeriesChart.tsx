import { ChartLine, Table2 } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../app/app-context.ts';
import { formatClock, formatDateTime } from '../format/time.ts';
import { formatValue, type Unit } from '../format/unit.ts';
import { useFormat } from '../format/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useShortcuts } from '../keys/use-shortcuts.ts';
import type { TimeSpan } from '../range/time-range.ts';
import { IconButton } from '../ui/Button.tsx';
import { ErrorNotice, Loading, Notice } from '../ui/Notice.tsx';
import styles from './Chart.module.css';
import { ChartCanvas } from './ChartCanvas.tsx';
import { ChartLegend } from './ChartLegend.tsx';
import { ChartTable } from './ChartTable.tsx';
import { lastValue } from './columns.ts';
import type { ChartMark, ChartSeries, ChartState } from './series.ts';

export interface TimeSeriesChartProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  /** What the chart spans; normally the span that the series were asked for. */
  readonly range: TimeSpan;
  readonly unit: Unit;
  /** Height of the plot, without heading and legend. */
  readonly height: number;
  readonly state: ChartState;
  /** A longer distance between two points is a gap. */
  readonly gapMs?: number;
  readonly limit?: { readonly value: number; readonly label: string };
  readonly marks?: readonly ChartMark[];
  /** When the last sample is older than this at the end of the range, the rest is hatched. */
  readonly staleAfterMs?: number;
  /** A legend under the plot; by default when there are several lines. */
  readonly legend?: boolean;
  /** Stands beside the title: the present value, a link. */
  readonly aside?: ReactNode;
}

const NOTHING_HIDDEN: ReadonlySet<string> = new Set();

/** Lines over time, with heading, legend, crosshair, a table on demand, and a sentence where there are no lines. */
export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { title, series, range, unit, height, state, gapMs = Infinity, limit, marks, staleAfterMs, aside } = props;
  const t = useText();
  const { locale } = useFormat();
  const [asTable, setAsTable] = useState(false);
  const [hidden, setHidden] = useState(NOTHING_HIDDEN);
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const newest = useMemo(() => newestSample(series), [series]);
  const staleFrom =
    staleAfterMs !== undefined && newest !== null && range.end - newest > staleAfterMs && state.kind === 'ready'
      ? newest
      : null;
  const ready = state.kind === 'ready';
  return (
    <figure className={styles.chart} aria-label={title}>
      <figcaption className={styles.caption}>
        <h3 className={styles.title}>{title}</h3>
        {aside}
        {staleFrom !== null && (
          <span className={styles.stale}>{t('chart.stale', { time: formatClock(staleFrom, locale) })}</span>
        )}
        <span className={styles.space} />
        {ready && (
          <IconButton
            label={t(asTable ? 'chart.asChart' : 'chart.asTable', { title })}
            icon={asTable ? <ChartLine size={14} /> : <Table2 size={14} />}
            onClick={() => {
              setAsTable(!asTable);
            }}
          />
        )}
      </figcaption>
      {ready && state.note !== undefined && (
        <p className={styles.note} role="note">
          {state.note}
        </p>
      )}
      <div className={styles.body} style={{ height }}>
        {ready && asTable && <ChartTable {...{ title, series, range, unit, gapMs, locale }} />}
        {ready && !asTable && (
          <ChartCanvas
            label={describe(props, locale, t)}
            {...{ series, range, unit, gapMs, limit, marks, staleFrom, hidden, highlighted, locale }}
          />
        )}
        {state.kind === 'loading' && <Loading label={t('chart.loading')} />}
        {state.kind === 'empty' && <Notice title={t('chart.empty')}>{state.text}</Notice>}
        {state.kind === 'error' && <ErrorNotice title={t('chart.failed')} error={state.error} />}
      </div>
      {ready && (props.legend ?? series.length > 1) && (
        <ChartLegend {...{ series, unit, hidden, locale }} onHidden={setHidden} onPoint={setHighlighted} />
      )}
      <Unpin />
    </figure>
  );
}

/** Esc takes the pinned moment off every chart. */
function Unpin() {
  const { crosshair } = useApp();
  const pinned = useStore(crosshair, (state) => state.pinnedAt !== null);
  return pinned ? <UnpinKey /> : null;
}

function UnpinKey() {
  const { crosshair } = useApp();
  useShortcuts([
    {
      id: 'chart.unpin',
      keys: 'esc',
      label: 'keys.unpin',
      group: 'keys.groupPage',
      run: () => {
        crosshair.setState({ pinnedAt: null });
      },
    },
  ]);
  return null;
}

function newestSample(series: readonly ChartSeries[]): number | null {
  let newest: number | null = null;
  for (const { columns } of series) {
    const last = lastValue(columns);
    if (last !== null && (newest === null || last.at > newest)) newest = last.at;
  }
  return newest;
}

/** The chart in one sentence, for those who do not see it: title, range, last values. */
function describe(
  { title, series, range, unit }: TimeSeriesChartProps,
  locale: string,
  t: ReturnType<typeof useText>,
): string {
  const values = series
    .slice(0, 5)
    .map((one) => `${one.name} ${formatValue(lastValue(one.columns)?.value, unit, locale)}`)
    .join(', ');
  return t('chart.described', {
    title,
    from: formatDateTime(range.start),
    to: formatDateTime(range.end),
    values,
  });
}
