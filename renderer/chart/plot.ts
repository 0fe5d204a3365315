import type { Columns } from './columns.ts';
import type { Tick } from './ticks.ts';

/** One line as the controller draws it. */
export interface PlotLine {
  readonly columns: Columns;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
  /** 0–1: a line that stands back while another is pointed at. */
  readonly opacity: number;
}

/**
 * Everything that a chart draws. It is changed in place, so that Chart.js's data and options stay the same objects
 * for the life of the chart: new ones would cost a hundred times the drawing.
 */
export interface Plot {
  start: number;
  end: number;
  min: number;
  max: number;
  gapMs: number;
  xTicks: readonly Tick[];
  yTicks: readonly Tick[];
  lines: readonly PlotLine[];
  limit: { readonly value: number; readonly colour: string } | null;
  gridColour: string;
  textColour: string;
  font: string;
}

export function emptyPlot(): Plot {
  return {
    start: 0,
    end: 1,
    min: 0,
    max: 1,
    gapMs: Infinity,
    xTicks: [],
    yTicks: [],
    lines: [],
    limit: null,
    gridColour: '#888',
    textColour: '#888',
    font: 'sans-serif',
  };
}
