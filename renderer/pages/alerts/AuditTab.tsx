import { useQuery } from '@tanstack/react-query';
import { useApp } from '../../app/app-context.ts';
import { DAY_MS } from '../../format/time.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { ErrorNotice, Loading, Notice } from '../../ui/Notice.tsx';
import { RelativeTime, useNow } from '../../ui/RelativeTime.tsx';
import { actionText } from './action-text.ts';
import styles from './Tables.module.css';

const SPAN_DAYS = 90;

/** Who did what, newest first. */
export function AuditTab() {
  const t = useText();
  const { api } = useApp();
  const format = useFormat();
  const now = Math.floor(useNow(30_000) / 60_000) * 60_000 + 60_000;
  const entries = useQuery(
    api.audit.list.queryOptions({
      input: { from: now - SPAN_DAYS * DAY_MS, to: now, limit: 500 },
      placeholderData: (previous) => previous,
    }),
  );
  if (entries.data === undefined) {
    return entries.error === null ? (
      <Loading />
    ) : (
      <ErrorNotice title={t('alerts.auditFailed')} error={entries.error} onRetry={() => void entries.refetch()} />
    );
  }
  if (entries.data.length === 0) return <Notice title={t('alerts.noAudit')}>{t('alerts.noAuditText')}</Notice>;
  return (
    <>
      <p className="muted">{t('alerts.auditText')}</p>
      <div className={styles.box} tabIndex={0} role="region" aria-label={t('alerts.tabAudit')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('alerts.time')}</th>
              <th scope="col">{t('alerts.by')}</th>
              <th scope="col">{t('alerts.via')}</th>
              <th scope="col">{t('alerts.actionDone')}</th>
              <th scope="col">{t('alerts.subject')}</th>
              <th scope="col">{t('alerts.detail')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.data.map((entry) => (
              <tr key={entry.id}>
                <td title={format.dateTime(entry.at)}>
                  <RelativeTime at={entry.at} />
                </td>
                <td>{entry.who}</td>
                <td>{t(`alerts.via.${entry.via}`)}</td>
                <td>{actionText(entry.action, t)}</td>
                <td className={styles.wide}>{entry.subject === '' ? '—' : entry.subject}</td>
                <td className={styles.wide}>{entry.detail === '' ? '—' : entry.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
