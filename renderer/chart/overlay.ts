import type { ChartArea } from 'chart.js';
import type { ChartMark } from './series.ts';
import type { TimeSpan } from '../range/time-range.ts';

export interface OverlayColours {
  readonly line: string;
  readonly select: string;
  readonly bad: string;
  readonly warn: string;
  readonly muted: string;
}

/** What lies over the lines and moves without them. */
export interface OverlayContent {
  readonly span: TimeSpan;
  readonly area: ChartArea;
  readonly at: number | null;
  readonly pinnedAt: number | null;
  /** The stretch that is being dragged. */
  readonly selection: TimeSpan | null;
  readonly marks: readonly ChartMark[];
  /** From here on nothing is known any more; hatched. */
  readonly staleFrom: number | null;
  readonly colours: OverlayColours;
}

/** Draw the overlay of one chart. Clearing and a few lines: far below a millisecond. */
export function drawOverlay(canvas: HTMLCanvasElement, content: OverlayContent): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const ratio = window.devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, canvas.width / ratio, canvas.height / ratio);
  const { area, colours, span } = content;
  const toPixel = (at: number): number =>
    area.left + ((at - span.start) / (span.end - span.start)) * (area.right - area.left);
  const line = (at: number, colour: string, dash: number[]): void => {
    const x = Math.round(toPixel(at)) + 0.5;
    if (x < area.left || x > area.right) return;
    context.beginPath();
    context.strokeStyle = colour;
    context.setLineDash(dash);
    context.moveTo(x, area.top);
    context.lineTo(x, area.bottom);
    context.stroke();
  };

  context.lineWidth = 1;
  if (content.staleFrom !== null) {
    hatch(context, Math.max(area.left, toPixel(content.staleFrom)), area, colours.muted);
  }
  if (content.selection !== null) {
    const left = toPixel(content.selection.start);
    context.globalAlpha = 0.2;
    context.fillStyle = colours.select;
    context.fillRect(left, area.top, toPixel(content.selection.end) - left, area.bottom - area.top);
    context.globalAlpha = 1;
  }
  for (const mark of content.marks) {
    const colour = mark.tone === 'bad' ? colours.bad : mark.tone === 'warn' ? colours.warn : colours.muted;
    drawMark(context, toPixel(mark.at), area, colour, mark.tone);
  }
  if (content.pinnedAt !== null) line(content.pinnedAt, colours.line, [4, 3]);
  if (content.at !== null) line(content.at, colours.line, []);
}

/** A square for bad, a triangle for a warning, a tick for the rest: shape before colour. */
function drawMark(
  context: CanvasRenderingContext2D,
  x: number,
  area: ChartArea,
  colour: string,
  tone: ChartMark['tone'],
): void {
  if (x < area.left || x > area.right) return;
  context.fillStyle = colour;
  const base = area.bottom;
  if (tone === 'bad') context.fillRect(x - 3, base - 7, 6, 7);
  else if (tone === 'warn') {
    context.beginPath();
    context.moveTo(x - 4, base);
    context.lineTo(x + 4, base);
    context.lineTo(x, base - 7);
    context.fill();
  } else context.fillRect(x - 1, base - 7, 2, 7);
}

function hatch(context: CanvasRenderingContext2D, left: number, area: ChartArea, colour: string): void {
  if (left >= area.right) return;
  context.save();
  context.beginPath();
  context.rect(left, area.top, area.right - left, area.bottom - area.top);
  context.clip();
  context.beginPath();
  context.strokeStyle = colour;
  context.globalAlpha = 0.35;
  context.setLineDash([]);
  const height = area.bottom - area.top;
  for (let x = left - height; x < area.right; x += 7) {
    context.moveTo(x, area.bottom);
    context.lineTo(x + height, area.top);
  }
  context.stroke();
  context.restore();
}
