import { Link } from '@tanstack/react-router';
import type { ServiceDetail } from '../../../shared/contract/services.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { StateMark } from '../../ui/StateMark.tsx';
import styles from './ServiceDetail.module.css';

/** What the state alone does not tell: maintenance, flapping, and what the check depends on. */
export function Circumstances({ service }: { service: ServiceDetail }) {
  const t = useText();
  const format = useFormat();
  const { maintenance, flapping, record } = service;
  const dependencies = record?.dependencies ?? [];
  if (maintenance === null && !flapping && dependencies.length === 0) return null;
  return (
    <ul className={styles.circumstances}>
      {maintenance !== null && (
        <li>
          <StateMark state="maintenance" />
          {t('circumstances.maintenance', { name: maintenance.name, time: format.dateTime(maintenance.until) })}
        </li>
      )}
      {flapping && record !== null && (
        <li>
          <StateMark state="degraded" />
          {t('circumstances.flapping', { percent: format.ratio(record.changePercent / 100) })}
        </li>
      )}
      {dependencies.length > 0 && (
        <li>
          {t('circumstances.dependsOn')}
          {dependencies.map(({ id, name, state }) => (
            <Link key={id} to="/services/detail" search={{ id }} className={styles.dependency}>
              <StateMark state={state} />
              {name}
            </Link>
          ))}
        </li>
      )}
    </ul>
  );
}
