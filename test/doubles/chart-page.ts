import { Chart } from 'chart.js';
import { emptyPlot, type Plot } from '../../renderer/chart/plot.ts';
import { plotData, plotOptions, slideChart } from '../../renderer/chart/plot-options.ts';
import { timeTicks, valueAxis } from '../../renderer/chart/ticks.ts';

/** Charts of the interface alone on a page, for tests that look at their pixels and their cost. */

const COLOURS = ['#0969da', '#ba0d01', '#752870', '#be728a', '#3931b6'];
const STEP_MS = 3600;
const T0 = 1_760_000_000_000;

function fill(plot: Plot, series: number, points: number, shift: number): void {
  plot.start = T0 + shift * STEP_MS;
  plot.end = plot.start + points * STEP_MS;
  const axis = valueAxis(0, 100, 4, 'none');
  plot.min = axis.min;
  plot.max = axis.max;
  plot.xTicks = timeTicks(plot.start, plot.end, 4, 'en');
  plot.yTicks = axis.ticks.map((value) => ({ value, label: String(value) }));
  plot.gapMs = STEP_MS * 1.5;
  plot.lines = Array.from({ length: series }, (_, index) => {
    const x = new Float64Array(points + 1);
    const y = new Float64Array(points + 1);
    for (let i = 0; i <= points; i++) {
      const at = i + shift;
      x[i] = T0 + at * STEP_MS;
      // A gap every 97 points; the rest is a wave with a grain.
      y[i] = at % 97 === 0 ? NaN : 50 + 40 * Math.sin(at / 37 + index) + ((at * 7919) % 13) - 6;
    }
    return { columns: { x, y }, colour: COLOURS[index % COLOURS.length] ?? '#000', dash: [], width: 1.5, opacity: 1 };
  });
}

function makeChart(width: number, height: number): { chart: Chart; plot: Plot; canvas: HTMLCanvasElement } {
  const box = document.createElement('div');
  box.style.width = `${String(width)}px`;
  box.style.height = `${String(height)}px`;
  const canvas = document.createElement('canvas');
  box.append(canvas);
  document.body.append(box);
  const plot = { ...emptyPlot(), gridColour: '#e4e8ec', textColour: '#59636e' };
  const chart = new Chart(canvas, { type: 'plot', data: plotData(plot), options: plotOptions(plot) });
  return { chart, plot, canvas };
}

/** How many pixels differ between a chart that slid to a time and one that was updated there; must be none. */
export function comparePixels(shift: number): { different: number; painted: number } {
  const slid = makeChart(400, 200);
  fill(slid.plot, 5, 1000, 0);
  slid.chart.update('none');
  fill(slid.plot, 5, 1000, shift);
  slideChart(slid.chart);
  const updated = makeChart(400, 200);
  fill(updated.plot, 5, 1000, shift);
  updated.chart.update('none');
  const read = ({ canvas }: typeof slid): Uint8ClampedArray =>
    canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
  const [a, b] = [read(slid), read(updated)];
  let different = 0;
  let painted = 0;
  for (let i = 0; i < a.length; i += 4) {
    if (a[i + 3] !== 0) painted++;
    if ([0, 1, 2, 3].some((channel) => a[i + channel] !== b[i + channel])) different++;
  }
  slid.chart.destroy();
  updated.chart.destroy();
  return { different, painted };
}

/** Script time of twelve charts of five series with a thousand points: first rendering, a full update, a slide. */
export function measureTwelve(): { firstMs: number; updateMs: number; slideMs: number } {
  const before = performance.now();
  const charts = Array.from({ length: 12 }, () => {
    const made = makeChart(400, 220);
    fill(made.plot, 5, 1000, 0);
    made.chart.update('none');
    return made;
  });
  const firstMs = performance.now() - before;
  const median = (draw: (chart: Chart) => void): number => {
    const times = Array.from({ length: 15 }, (_, round) => {
      for (const { plot } of charts) fill(plot, 5, 1000, round + 1);
      const start = performance.now();
      for (const { chart } of charts) draw(chart);
      return performance.now() - start;
    });
    return times.sort((a, b) => a - b)[7] ?? NaN;
  };
  const updateMs = median((chart) => {
    chart.update('none');
  });
  const slideMs = median(slideChart);
  for (const { chart } of charts) chart.destroy();
  return { firstMs, updateMs, slideMs };
}
