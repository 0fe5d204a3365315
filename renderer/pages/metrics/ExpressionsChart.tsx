import { useMemo } from 'react';
import { TimeSeriesChart } from '../../chart/TimeSeriesChart.tsx';
import { useRangeQueries } from '../../chart/use-range-query.ts';
import { guessUnit } from '../../format/guess-unit.ts';
import type { Unit } from '../../format/unit.ts';
import { useText } from '../../i18n/use-text.ts';

const HEIGHT = 360;

/** All expressions in one chart; with several, each line carries the letter of its expression. */
export function ExpressionsChart({ expressions, maxPoints }: { expressions: readonly string[]; maxPoints: number }) {
  const t = useText();
  const wanted = useMemo(
    () =>
      expressions.map((expr, index) =>
        expressions.length > 1 ? { expr, name: String.fromCharCode(65 + index) } : { expr },
      ),
    [expressions],
  );
  const { series, range, gapMs, stepMs, state } = useRangeQueries(wanted, { maxPoints });
  const unit = useMemo(() => commonUnit(expressions), [expressions]);
  return (
    <TimeSeriesChart
      title={expressions.length === 1 ? (expressions[0] ?? '') : t('metrics.several', { count: expressions.length })}
      {...{ series, range, unit, gapMs, state }}
      height={HEIGHT}
      legend
      staleAfterMs={Math.max(3 * stepMs, 60_000)}
    />
  );
}

/** The unit that all expressions share. */
function commonUnit(expressions: readonly string[]): Unit {
  const units = new Set(expressions.map(guessUnit));
  const [first] = units;
  return units.size === 1 && first !== undefined ? first : 'none';
}
