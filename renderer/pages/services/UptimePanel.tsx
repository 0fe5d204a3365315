import type { CheckRecord } from '../../../shared/contract/services.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import styles from './ServiceDetail.module.css';

/** How well a check did over a day, a week, a month and three, and how quickly it answered; honest about what is not known. */
export function UptimePanel({ uptimes }: { uptimes: CheckRecord['uptimes'] }) {
  const t = useText();
  const format = useFormat();
  return (
    <Panel title={t('uptime.title')}>
      <div className={styles.tableBox} tabIndex={0} role="group" aria-label={t('uptime.title')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('uptime.range')}</th>
              <th scope="col">{t('uptime.up')}</th>
              <th scope="col">{t('uptime.down')}</th>
              <th scope="col">{t('uptime.known')}</th>
              <th scope="col">{t('uptime.maintenance')}</th>
              <th scope="col">p50</th>
              <th scope="col">p95</th>
              <th scope="col">p99</th>
            </tr>
          </thead>
          <tbody>
            {uptimes.map((one) => {
              const { range, uptime, upMs, downMs, unknownMs, noDataMs, maintenanceMs, p50Ms, p95Ms, p99Ms } = one;
              const charged = upMs + downMs + unknownMs + noDataMs;
              const known = charged === 0 ? null : (upMs + downMs) / charged;
              const gaps = t('uptime.gaps', { unknown: format.duration(unknownMs), none: format.duration(noDataMs) });
              return (
                <tr key={range}>
                  <th scope="row">{t(`uptime.${range}`)}</th>
                  <td>{format.ratio(uptime)}</td>
                  <td>{format.duration(downMs)}</td>
                  <td title={gaps}>{format.ratio(known)}</td>
                  <td>{maintenanceMs === 0 ? '' : format.duration(maintenanceMs)}</td>
                  <td>{format.duration(p50Ms)}</td>
                  <td>{format.duration(p95Ms)}</td>
                  <td>{format.duration(p99Ms)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p className={styles.note}>{t('uptime.note')}</p>
    </Panel>
  );
}
