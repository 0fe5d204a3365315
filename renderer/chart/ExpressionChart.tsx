import { useMemo, useState, type ReactNode } from 'react';
import type { Unit } from '../format/unit.ts';
import { useElementWidth } from '../ui/use-element-width.ts';
import type { ChartMark } from './series.ts';
import { beginAt } from '../range/time-range.ts';
import { TimeSeriesChart } from './TimeSeriesChart.tsx';
import { useRangeQueries, type RangeExpression } from './use-range-query.ts';

/** A chart of expressions over the range of the application, with a point per pixel at most. */
export function ExpressionChart({
  title,
  expressions,
  unit,
  height,
  limit,
  marks,
  legend,
  aside,
  knownFrom = null,
}: {
  title: string;
  /** The same array from render to render. */
  expressions: readonly RangeExpression[];
  unit: Unit;
  height: number;
  limit?: { readonly value: number; readonly label: string };
  marks?: readonly ChartMark[];
  legend?: boolean;
  aside?: ReactNode;
  /** Before that nothing is known, so the chart need not begin earlier. */
  knownFrom?: number | null;
}) {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const width = useElementWidth(box);
  const { series, range, gapMs, stepMs, state } = useRangeQueries(expressions, {
    // In steps, so that a window that is being resized does not ask at each pixel.
    maxPoints: Math.max(100, Math.ceil(width / 200) * 200),
    enabled: width > 0,
  });
  const shown = useMemo(() => beginAt(range, knownFrom), [range, knownFrom]);
  return (
    <div ref={setBox}>
      <TimeSeriesChart
        {...{ title, series, unit, height, state, gapMs }}
        range={shown}
        staleAfterMs={Math.max(3 * stepMs, 60_000)}
        {...(limit !== undefined && { limit })}
        {...(marks !== undefined && { marks })}
        {...(legend !== undefined && { legend })}
        aside={aside}
      />
    </div>
  );
}
