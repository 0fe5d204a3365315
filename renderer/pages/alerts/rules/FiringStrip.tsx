import type { TriedRule } from '../../../../shared/contract/rules.ts';
import { useFormat } from '../../../format/use-format.ts';
import { useText } from '../../../i18n/use-text.ts';
import type { TimeSpan } from '../../../range/time-range.ts';
import styles from './Rules.module.css';

const WIDTH = 400;
/** So that a minute of a week is seen at all. */
const NARROWEST = 2;

/** When one alert would have fired, as bars along the span. */
export function FiringStrip({
  firings,
  span,
  label,
}: {
  firings: TriedRule['alerts'][number]['firings'];
  span: TimeSpan;
  label: string;
}) {
  const t = useText();
  const format = useFormat();
  const scale = WIDTH / Math.max(1, span.end - span.start);
  return (
    <svg
      className={styles.strip}
      viewBox={`0 0 ${String(WIDTH)} 12`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('rules.strip', { label, count: firings.length })}
    >
      {firings.map(({ firedAt, resolvedAt }) => (
        <rect
          key={firedAt}
          x={(firedAt - span.start) * scale}
          y={1}
          width={Math.max(NARROWEST, ((resolvedAt ?? span.end) - firedAt) * scale)}
          height={10}
        >
          <title>{`${format.dateTime(firedAt)} – ${resolvedAt === null ? '…' : format.dateTime(resolvedAt)}`}</title>
        </rect>
      ))}
    </svg>
  );
}
