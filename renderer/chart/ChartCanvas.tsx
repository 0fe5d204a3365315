import type { Chart as ChartInstance } from 'chart.js';
import { useEffect, useId, useRef, useState } from 'react';
import { Chart } from 'react-chartjs-2';
import { useApp } from '../app/app-context.ts';
import type { Unit } from '../format/unit.ts';
import { formatValue } from '../format/unit.ts';
import type { TimeSpan } from '../range/time-range.ts';
import styles from './Chart.module.css';
import { ChartTooltip } from './ChartTooltip.tsx';
import { extent } from './columns.ts';
import { drawOverlay } from './overlay.ts';
import { lineLooks } from './palette.ts';
import type { Plot } from './plot.ts';
import { emptyPlot } from './plot.ts';
import { plotData, plotOptions, slideChart } from './plot-options.ts';
import type { ChartMark, ChartSeries } from './series.ts';
import { timeTicks, valueAxis } from './ticks.ts';
import { useChartColours } from './use-chart-colours.ts';
import { useChartPointer } from './use-chart-pointer.ts';

export interface ChartCanvasProps {
  readonly label: string;
  readonly series: readonly ChartSeries[];
  readonly range: TimeSpan;
  readonly unit: Unit;
  readonly gapMs: number;
  readonly limit?: { readonly value: number; readonly label: string } | undefined;
  readonly marks?: readonly ChartMark[] | undefined;
  readonly staleFrom?: number | null | undefined;
  /** Keys of series that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** The series that is pointed at; the others stand back. */
  readonly highlighted: string | null;
  readonly locale: string;
}

/**
 * The canvas of a chart and the layer over it. Mounted once; new points go into the plot and are drawn when the page's
 * scheduler gives this chart its turn.
 */
export function ChartCanvas(props: ChartCanvasProps) {
  const { label, series, range, unit, gapMs, limit, marks = [], staleFrom = null, hidden, highlighted, locale } = props;
  const { crosshair, scheduler } = useApp();
  const colours = useChartColours();
  const id = useId();
  const frameRef = useRef<HTMLDivElement>(null);
  const overlayRef = useRef<HTMLCanvasElement>(null);
  const chartRef = useRef<ChartInstance<'plot'> | undefined>(undefined);
  const [plot] = useState(() => ({ ...emptyPlot(), font: colours.font }));
  const [options] = useState(() => plotOptions(plot));
  const [data] = useState(() => plotData(plot));
  const [drawn, setDrawn] = useState<Drawn>({ shape: '', width: 0, height: 0 });
  const { selection, handlers } = useChartPointer(id, plot, chartRef);

  const drawOver = (): void => {
    const canvas = overlayRef.current;
    const area = chartRef.current?.chartArea;
    if (canvas === null || area === undefined) return;
    const { at, pinnedAt } = crosshair.getState();
    drawOverlay(canvas, { span: plot, area, at, pinnedAt, selection, marks, staleFrom, colours });
  };
  const draw = (): void => {
    const chart = chartRef.current;
    const overlay = overlayRef.current;
    if (chart === undefined || overlay === null || chart.width === 0) return;
    fillPlot(plot, props, colours, chart);
    // Whatever is not time: when it is as it was, the axis has only moved.
    const shape = [plot.min, plot.max, plot.yTicks.length, colours.text, series.length, limit?.value].join(' ');
    if (shape === drawn.shape && chart.width === drawn.width && chart.height === drawn.height) slideChart(chart);
    else chart.update('none');
    fitCanvas(overlay, chart);
    setDrawn((old) =>
      old.shape === shape && old.width === chart.width && old.height === chart.height
        ? old
        : { shape, width: chart.width, height: chart.height },
    );
    drawOver();
  };

  // The latest closures, for callbacks that outlive a render.
  const latest = useRef({ draw, drawOver });
  useEffect(() => {
    latest.current = { draw, drawOver };
  });
  const ticketRef = useRef<{ request(): void } | null>(null);
  useEffect(() => {
    const frame = frameRef.current;
    if (frame === null) return;
    const ticket = scheduler.register(frame, () => {
      latest.current.draw();
    });
    ticketRef.current = ticket;
    const resized = new ResizeObserver(() => {
      ticket.request();
    });
    resized.observe(frame);
    const unsubscribe = crosshair.subscribe(() => {
      latest.current.drawOver();
    });
    return () => {
      ticket.dispose();
      resized.disconnect();
      unsubscribe();
    };
  }, [scheduler, crosshair]);
  useEffect(() => {
    ticketRef.current?.request();
  }, [series, range, unit, gapMs, limit, marks, staleFrom, hidden, highlighted, locale, colours]);
  useEffect(() => {
    latest.current.drawOver();
  }, [selection]);

  return (
    <div ref={frameRef} className={styles.plot} {...handlers}>
      <Chart ref={chartRef} type="plot" data={data} options={options} role="img" aria-label={label} tabIndex={0} />
      <canvas ref={overlayRef} className={styles.overlay} aria-hidden="true" />
      <ChartTooltip
        owner={id}
        series={series.filter(({ key }) => !hidden.has(key))}
        unit={unit}
        gapMs={gapMs}
        limit={limit}
        marks={marks}
        plot={plot}
        chartRef={chartRef}
        locale={locale}
      />
    </div>
  );
}

interface Drawn {
  readonly shape: string;
  readonly width: number;
  readonly height: number;
}

function fillPlot(
  plot: Plot,
  { series, range, unit, gapMs, limit, hidden, highlighted, locale }: ChartCanvasProps,
  colours: ReturnType<typeof useChartColours>,
  chart: ChartInstance<'plot'>,
): void {
  const looks = lineLooks(series.map(({ key }) => key));
  const shown = series.flatMap((one, index) => {
    const look = looks[index];
    return hidden.has(one.key) || look === undefined ? [] : [{ one, look }];
  });
  let min = Infinity;
  let max = -Infinity;
  for (const { one } of shown) {
    const reach = extent(one.columns, range.start, range.end);
    if (reach === null) continue;
    min = Math.min(min, reach.min);
    max = Math.max(max, reach.max);
  }
  // A limit that is near is kept in view; one that is far away must not flatten the line.
  if (limit !== undefined && min <= max && limit.value <= max * 2 && limit.value >= min / 2) {
    min = Math.min(min, limit.value);
    max = Math.max(max, limit.value);
  }
  const axis =
    min <= max
      ? valueAxis(min, max, Math.max(2, Math.floor(chart.height / 44)), unit)
      : { min: 0, max: 1, ticks: [0, 1] };
  plot.start = range.start;
  plot.end = range.end;
  plot.min = axis.min;
  plot.max = axis.max;
  plot.gapMs = gapMs;
  plot.xTicks = timeTicks(range.start, range.end, Math.max(2, Math.floor(chart.width / 92)), locale);
  plot.yTicks = axis.ticks.map((value) => ({ value, label: min <= max ? formatValue(value, unit, locale) : '' }));
  plot.lines = shown.map(({ one, look }) => ({
    columns: one.columns,
    colour: colours.series(look.colour),
    dash: look.dash,
    width: one.key === highlighted ? 2.2 : 1.5,
    opacity: highlighted === null || highlighted === one.key ? 1 : 0.25,
  }));
  plot.limit = limit === undefined ? null : { value: limit.value, colour: colours.bad };
  plot.gridColour = colours.grid;
  plot.textColour = colours.text;
}

function fitCanvas(canvas: HTMLCanvasElement, chart: ChartInstance<'plot'>): void {
  const ratio = window.devicePixelRatio;
  const width = Math.round(chart.width * ratio);
  const height = Math.round(chart.height * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
