import { useQuery } from '@tanstack/react-query';
import { decodeValues } from '../../../shared/model/wire-value.ts';
import type { Alert } from '../../../shared/contract/alerts.ts';
import { useApp } from '../../app/app-context.ts';
import { guessUnit } from '../../format/guess-unit.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { useNow } from '../../ui/RelativeTime.tsx';
import styles from './Sparkline.module.css';
import { isSeriesOf } from './alert-facts.ts';
import type { Condition } from './condition.ts';
import { sparkPath, sparkScale } from './spark-path.ts';

const SPAN_MS = 3_600_000;
const STEP_MS = 60_000;

/** The last hour of what an alert compares, with its limit as a line. */
export function Sparkline({
  alert,
  condition,
  width,
  height,
}: {
  alert: Alert;
  condition: Condition;
  width: number;
  height: number;
}) {
  const t = useText();
  const format = useFormat();
  const { api } = useApp();
  // Whole minutes, so that all alerts of a rule share one answer.
  const end = Math.floor(useNow(30_000) / STEP_MS) * STEP_MS;
  const answer = useQuery(
    api.metrics.queryRange.queryOptions({
      input: { expr: condition.subject, start: end - SPAN_MS, end, maxPoints: 120, maxSeries: 200 },
      staleTime: STEP_MS,
      placeholderData: (previous) => previous,
      structuralSharing: false,
    }),
  );
  const series = answer.data?.series.find(({ labels }) => isSeriesOf(labels, alert));
  if (series === undefined) return <span className={styles.none} style={{ width, height }} />;
  const values = decodeValues(series.values);
  const scale = sparkScale(values, condition.limit);
  const size = { width, height, start: end - SPAN_MS, end };
  const limitY = height - ((condition.limit - scale.min) / (scale.max - scale.min)) * height;
  const unit = guessUnit(condition.subject);
  return (
    <svg
      className={styles.spark}
      width={width}
      height={height}
      role="img"
      aria-label={t('alerts.sparkline', {
        last: format.value(values.at(-1), unit),
        limit: format.value(condition.limit, unit),
      })}
    >
      <path className={styles.limit} d={`M0 ${limitY.toFixed(1)}H${String(width)}`} />
      <path className={styles.line} d={sparkPath(series.timestamps, values, scale, size)} />
    </svg>
  );
}
