import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Alert } from '../../../shared/contract/alerts.ts';
import { decodeValue } from '../../../shared/model/wire-value.ts';
import { useLook } from '../../app/look.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { annotationOf, markOf, startOf, tellingLabels } from './alert-facts.ts';
import styles from './Alerts.module.css';
import { HandlingChips } from './HandlingChips.tsx';
import { readCondition } from './condition.ts';
import { ValueAgainstLimit } from './ConditionText.tsx';
import { Sparkline } from './Sparkline.tsx';

/** One alert: how bad, what, where, against which limit, since when. */
export function AlertRow({
  alert,
  number,
  isSelected,
  isOpen,
  isMarked,
}: {
  alert: Alert;
  /** The key that opens it; null for those without. */
  number: number | null;
  isSelected: boolean;
  isOpen: boolean;
  /** Chosen, with others, for what is done next. */
  isMarked: boolean;
}) {
  const t = useText();
  const format = useFormat();
  const { language } = useLook();
  const condition = useMemo(() => readCondition(alert.expr), [alert.expr]);
  const summary = annotationOf(alert, 'summary', language);
  const labels = tellingLabels(alert);
  const resolved = alert.state === 'resolved';
  return (
    <li>
      <Link
        to="/alerts"
        search={(old) => ({ ...old, alert: alert.id }) as never}
        className={styles.row}
        data-state={alert.state}
        data-selected={isSelected}
        data-open={isOpen}
        data-marked={isMarked}
      >
        <span className={styles.severity}>
          {isMarked && <span className="visually-hidden">{t('alerts.marked')}</span>}
          <span aria-hidden="true">
            <StateMark state={resolved ? 'up' : markOf(alert.severity)} />
          </span>
          <span>{t(resolved ? 'alerts.resolvedWord' : `severity.${alert.severity}`)}</span>
        </span>
        <span className={styles.what}>
          <span className={styles.name}>
            <b>{alert.name}</b>
            {summary !== null && <span className={styles.summary}>{summary}</span>}
          </span>
          <span className={styles.labels}>
            <HandlingChips alert={alert} />
            {labels.map(([name, value]) => (
              <span key={name} className={styles.label}>
                <span className="muted">{name}</span> {value}
              </span>
            ))}
          </span>
        </span>
        <span className={styles.value}>
          <ValueAgainstLimit value={decodeValue(alert.value)} condition={condition} />
        </span>
        <span className={styles.spark}>
          {condition !== null && <Sparkline alert={alert} condition={condition} width={120} height={28} />}
        </span>
        <span className={styles.since}>
          {resolved ? (
            <>
              <RelativeTime at={alert.resolvedAt} />
              <span className="muted">
                {t('alerts.lasted', { time: format.duration((alert.resolvedAt ?? startOf(alert)) - startOf(alert)) })}
              </span>
            </>
          ) : (
            <RelativeTime at={startOf(alert)} />
          )}
        </span>
        <kbd className={styles.number} aria-hidden="true">
          {number ?? ''}
        </kbd>
      </Link>
    </li>
  );
}
