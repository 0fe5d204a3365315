import { Chart, LinearScale, PointElement, type ChartData, type ChartOptions, type Scale } from 'chart.js';
import type { Plot } from './plot.ts';
import { PlotController, plotOf } from './plot-controller.ts';

// Chart.js wants a kind of element to be named, even by a controller that makes none.
Chart.register(PlotController, LinearScale, PointElement);

/** Fixed, so that charts that stand above each other have one time axis, and sliding needs no layout. */
const AXIS_WIDTH = 58;
const AXIS_HEIGHT = 20;

/** The options of every time chart; made once per chart and never replaced. */
export function plotOptions(plot: Plot): ChartOptions<'plot'> {
  const tickFont = { size: 11, family: plot.font };
  return {
    responsive: true,
    maintainAspectRatio: false,
    resizeDelay: 0,
    animation: false,
    parsing: false,
    normalized: true,
    events: [],
    layout: { padding: { top: 6, right: 8, bottom: 0, left: 0 }, autoPadding: false },
    scales: {
      x: {
        type: 'linear',
        bounds: 'data',
        grid: { color: () => plot.gridColour, drawTicks: false },
        border: { display: false },
        ticks: {
          color: () => plot.textColour,
          font: tickFont,
          minRotation: 0,
          maxRotation: 0,
          autoSkip: false,
          padding: 4,
          callback: (value) => plot.xTicks.find((tick) => tick.value === value)?.label ?? '',
        },
        afterDataLimits: (scale: Scale) => {
          scale.min = plot.start;
          scale.max = plot.end;
        },
        afterBuildTicks: (scale: Scale) => {
          scale.ticks = plot.xTicks.map(({ value }) => ({ value }));
        },
        afterFit: (scale: Scale) => {
          scale.height = AXIS_HEIGHT;
        },
      },
      y: {
        type: 'linear',
        bounds: 'data',
        grid: { color: () => plot.gridColour, drawTicks: false },
        border: { display: false },
        ticks: {
          color: () => plot.textColour,
          font: tickFont,
          autoSkip: false,
          padding: 6,
          callback: (value) => plot.yTicks.find((tick) => tick.value === value)?.label ?? '',
        },
        afterDataLimits: (scale: Scale) => {
          scale.min = plot.min;
          scale.max = plot.max;
        },
        afterBuildTicks: (scale: Scale) => {
          scale.ticks = plot.yTicks.map(({ value }) => ({ value }));
        },
        afterFit: (scale: Scale) => {
          scale.width = AXIS_WIDTH;
        },
      },
    },
  };
}

export function plotData(plot: Plot): ChartData<'plot'> {
  return { datasets: [{ data: [], plot }] };
}

/** The fields of a scale that `slideChart` touches and Chart.js does not publish. */
interface ScaleInside {
  configure(): void;
  _gridLineItems: unknown;
  _labelItems: unknown;
}

/**
 * Draw a chart whose time axis alone has moved: without layout, a third of the cost of an update. It reaches into the
 * scale, which is why Chart.js is pinned to one version and a test compares the pixels with those of an update.
 */
export function slideChart(chart: Chart): void {
  const scale = chart.scales['x'];
  if (scale === undefined) return;
  const plot = plotOf(chart);
  scale.min = plot.start;
  scale.max = plot.end;
  scale.ticks = plot.xTicks.map(({ value, label }) => ({ value, label }));
  const inside = scale as unknown as ScaleInside;
  inside.configure();
  inside._gridLineItems = null;
  inside._labelItems = null;
  chart.draw();
}
