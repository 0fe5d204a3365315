import type { ServiceDetail } from '../../../shared/contract/services.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { useNow } from '../../ui/RelativeTime.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import styles from './ServiceDetail.module.css';

/** Every change of state, with how long it lasted and why. */
export function ChangesPanel({ changes }: { changes: ServiceDetail['changes'] }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(10_000);
  return (
    <Panel title={t('services.changes')}>
      {changes.length === 0 && <p className={styles.empty}>{t('services.noChanges')}</p>}
      {changes.length > 0 && (
        <div className={styles.tableBox} tabIndex={0} role="group" aria-label={t('services.changes')}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('services.when')}</th>
                <th scope="col">{t('services.state')}</th>
                <th scope="col">{t('services.lasted')}</th>
                <th scope="col">{t('services.message')}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change, index) => (
                <tr key={`${String(change.at)}${change.state}`}>
                  <td>{format.dateTime(change.at)}</td>
                  <td>
                    <StateMark state={change.state} word />
                  </td>
                  <td>{format.duration((changes[index - 1]?.at ?? now) - change.at)}</td>
                  <td className={styles.wrap}>{change.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
