import { DatasetController, type Chart, type ChartArea, type Scale } from 'chart.js';
import type { Plot, PlotLine } from './plot.ts';
import { traceColumns, type PixelScale } from './trace-columns.ts';

declare module 'chart.js' {
  interface ChartTypeRegistry {
    plot: {
      chartOptions: object;
      datasetOptions: { plot: Plot };
      defaultDataPoint: never;
      metaExtensions: object;
      parsedDataType: object;
      scales: 'linear';
    };
  }
}

/**
 * A Chart.js controller that draws a whole {@link Plot} straight to the canvas. Chart.js keeps layout, scales and grid;
 * what it would do per point (parsing, elements, hit testing) does not happen.
 */
export class PlotController extends DatasetController {
  static readonly id = 'plot';
  static readonly defaults = { datasetElementType: false, dataElementType: 'point', animation: false, parsing: false };
  static readonly overrides = { scales: { _index_: { type: 'linear' }, _value_: { type: 'linear' } } };

  override addElements(): void {
    // Lines are columns; there is no element per point.
  }
  override buildOrUpdateElements(): void {
    // As above.
  }
  override parse(): void {
    // Columns need no parsing.
  }
  override update(): void {
    // Nothing is kept from one drawing to the next.
  }
  override getMaxOverflow(): number {
    return 0;
  }
  override getAllParsedValues(): number[] {
    return [];
  }
  override getMinMax(scale: Scale): { min: number; max: number } {
    const plot = plotOf(this.chart);
    return scale.axis === 'x' ? { min: plot.start, max: plot.end } : { min: plot.min, max: plot.max };
  }

  override draw(): void {
    const { chart } = this;
    const { x, y } = chart.scales;
    if (x === undefined || y === undefined) return;
    const plot = plotOf(chart);
    drawPlot(chart.ctx, chart.chartArea, plot, pixelScale(chart.chartArea, plot));
  }
}

/** The plot that a chart draws. */
export function plotOf(chart: Chart): Plot {
  return (chart.data.datasets[0] as unknown as { plot: Plot }).plot;
}

export function pixelScale(area: ChartArea, plot: Plot): PixelScale {
  const xFactor = (area.right - area.left) / (plot.end - plot.start);
  const yFactor = (area.top - area.bottom) / (plot.max - plot.min);
  return { xFactor, xOffset: area.left - plot.start * xFactor, yFactor, yOffset: area.bottom - plot.min * yFactor };
}

function drawPlot(context: CanvasRenderingContext2D, area: ChartArea, plot: Plot, scale: PixelScale): void {
  context.save();
  context.beginPath();
  // Half a line of room above and below, so that values at the ends of the axis are not cut.
  context.rect(area.left, area.top - 1, area.width, area.height + 2);
  context.clip();
  context.lineJoin = 'round';
  if (plot.limit !== null) drawLimit(context, area, plot.limit, scale);
  for (const line of plot.lines) drawLine(context, line, plot, scale);
  context.restore();
}

function drawLine(context: CanvasRenderingContext2D, line: PlotLine, plot: Plot, scale: PixelScale): void {
  context.beginPath();
  context.strokeStyle = line.colour;
  context.lineWidth = line.width;
  context.globalAlpha = line.opacity;
  context.setLineDash(line.dash as number[]);
  traceColumns(line.columns, { scale, start: plot.start, end: plot.end, gapMs: plot.gapMs }, context);
  context.stroke();
}

function drawLimit(
  context: CanvasRenderingContext2D,
  area: ChartArea,
  limit: NonNullable<Plot['limit']>,
  scale: PixelScale,
): void {
  const y = Math.round(scale.yOffset + limit.value * scale.yFactor) + 0.5;
  context.beginPath();
  context.strokeStyle = limit.colour;
  context.lineWidth = 1;
  context.setLineDash([5, 4]);
  context.moveTo(area.left, y);
  context.lineTo(area.right, y);
  context.stroke();
}
