import type { ServiceDetail } from '../../../shared/contract/services.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import styles from './ServiceDetail.module.css';

const PHASES = ['resolveMs', 'connectMs', 'tlsMs', 'processingMs', 'transferMs'] as const;

/** The last looks with the phases of their connection. */
export function HistoryPanel({ history }: { history: ServiceDetail['history'] }) {
  const t = useText();
  const format = useFormat();
  const withPhases = history.some(({ phases }) => phases !== null);
  return (
    <Panel title={t('services.history')}>
      {history.length === 0 && <p className={styles.empty}>{t('services.noHistory')}</p>}
      {history.length > 0 && (
        <div className={styles.tableBox} tabIndex={0} role="group" aria-label={t('services.history')}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('services.when')}</th>
                <th scope="col">{t('services.state')}</th>
                <th scope="col">{t('services.duration')}</th>
                {withPhases &&
                  PHASES.map((phase) => (
                    <th key={phase} scope="col">
                      {t(`services.${phase}`)}
                    </th>
                  ))}
                <th scope="col">{t('services.message')}</th>
              </tr>
            </thead>
            <tbody>
              {history.map(({ at, state, durationMs, phases, message }) => (
                <tr key={at}>
                  <td>{format.clockMs(at)}</td>
                  <td>
                    <StateMark state={state} word />
                  </td>
                  <td>{format.duration(durationMs)}</td>
                  {withPhases && PHASES.map((phase) => <td key={phase}>{format.duration(phases?.[phase])}</td>)}
                  <td className={styles.wrap}>{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
