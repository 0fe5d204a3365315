import type { Outage } from '../../../shared/contract/services.ts';
import type { State } from '../../../shared/model/state.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import styles from './ServiceDetail.module.css';

const MARKS: Readonly<Record<Outage['state'], State>> = {
  down: 'down',
  unreachable: 'unknown',
  unknown: 'unknown',
  maintenance: 'maintenance',
};

/** Every stretch of 90 days in which the check did not answer, or nothing was known of it. */
export function OutagesPanel({ outages }: { outages: readonly Outage[] }) {
  const t = useText();
  const format = useFormat();
  return (
    <Panel title={t('outages.title')}>
      {outages.length === 0 && <p className={styles.empty}>{t('outages.none')}</p>}
      {outages.length > 0 && (
        <div className={styles.tableBox} tabIndex={0} role="group" aria-label={t('outages.title')}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('outages.from')}</th>
                <th scope="col">{t('services.state')}</th>
                <th scope="col">{t('services.lasted')}</th>
                <th scope="col">{t('services.message')}</th>
              </tr>
            </thead>
            <tbody>
              {outages.map(({ state, from, until, current, reason }) => (
                <tr key={from}>
                  <td>{format.dateTime(from)}</td>
                  <td className={styles.withMark}>
                    <StateMark state={MARKS[state]} /> {t(`outages.${state}`)}
                  </td>
                  <td>
                    {format.duration(until - from)}
                    {current && ` · ${t('outages.current')}`}
                  </td>
                  <td className={styles.wrap}>{reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
