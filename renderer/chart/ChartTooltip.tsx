import type { Chart } from 'chart.js';
import { useLayoutEffect, useRef, type RefObject } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../app/app-context.ts';
import { formatDateTime } from '../format/time.ts';
import { formatValue, type Unit } from '../format/unit.ts';
import { useText } from '../i18n/use-text.ts';
import styles from './Chart.module.css';
import { valueNear } from './columns.ts';
import type { Plot } from './plot.ts';
import type { ChartMark, ChartSeries } from './series.ts';
import { SeriesSwatch } from './SeriesSwatch.tsx';

const MOST_ROWS = 20;

/** The values under the crosshair, highest first; shown by the chart that the pointer is over. */
export function ChartTooltip({
  owner,
  series,
  unit,
  gapMs,
  limit,
  marks,
  plot,
  chartRef,
  locale,
}: {
  owner: string;
  series: readonly ChartSeries[];
  unit: Unit;
  gapMs: number;
  limit: { readonly value: number; readonly label: string } | undefined;
  marks: readonly ChartMark[];
  plot: Plot;
  chartRef: RefObject<Chart<'plot'> | undefined>;
  locale: string;
}) {
  const t = useText();
  const at = useStore(useApp().crosshair, (state) => (state.owner === owner ? state.at : null));
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = ref.current;
    const area = chartRef.current?.chartArea;
    if (box === null || area === undefined || at === null) return;
    const x = area.left + ((at - plot.start) / (plot.end - plot.start)) * (area.right - area.left);
    const left = x + 14 + box.offsetWidth > area.right ? x - 14 - box.offsetWidth : x + 14;
    box.style.transform = `translate(${String(Math.round(Math.max(0, left)))}px, ${String(area.top)}px)`;
  });
  if (at === null) return null;
  const nearest = Math.max((plot.end - plot.start) / 100, Number.isFinite(gapMs) ? gapMs : 0);
  const rows = series
    .map((one) => ({ one, point: valueNear(one.columns, at, nearest) }))
    .sort((a, b) => (b.point?.value ?? -Infinity) - (a.point?.value ?? -Infinity));
  const near = (plot.end - plot.start) / 120;
  return (
    <div ref={ref} className={styles.tooltip}>
      <div className={styles.tooltipTime}>{formatDateTime(at)}</div>
      {rows.slice(0, MOST_ROWS).map(({ one, point }) => (
        <div key={one.key} className={styles.tooltipRow}>
          <SeriesSwatch series={series} of={one} />
          <span className={styles.tooltipName}>{one.name}</span>
          <span className={styles.tooltipValue}>{formatValue(point?.value, unit, locale)}</span>
        </div>
      ))}
      {rows.length > MOST_ROWS && <div className="muted">{t('common.more', { count: rows.length - MOST_ROWS })}</div>}
      {limit !== undefined && <div className="muted">{t('chart.limit', { limit: limit.label })}</div>}
      {marks
        .filter((mark) => Math.abs(mark.at - at) < near)
        .slice(0, 3)
        .map((mark) => (
          <div key={mark.at} className={styles.tooltipMark} data-tone={mark.tone}>
            {mark.text}
          </div>
        ))}
    </div>
  );
}
