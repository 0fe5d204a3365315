import { useQuery } from '@tanstack/react-query';
import { BellRing } from 'lucide-react';
import type { Delivery } from '../../../shared/contract/alerts.ts';
import { useApp } from '../../app/app-context.ts';
import { useMayWrite } from '../../app/use-status.ts';
import { useTestPopup } from '../../app/use-test-popup.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice, Loading, Notice } from '../../ui/Notice.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { StateMark, type Mark } from '../../ui/StateMark.tsx';
import styles from './Tables.module.css';

const MARKS: Readonly<Record<Delivery['outcome'], Mark>> = {
  delivered: 'up',
  refused: 'down',
  failed: 'down',
  retrying: 'degraded',
};

/** What was sent where, and what the service said to it. */
export function DeliveriesTab() {
  const t = useText();
  const format = useFormat();
  const { api } = useApp();
  const deliveries = useQuery(api.alerts.deliveries.queryOptions({ input: { limit: 200 } }));
  const test = useTestPopup();
  const mayWrite = useMayWrite();
  return (
    <>
      <div className={styles.tools}>
        <p className="muted">{t('alerts.deliveriesText')}</p>
        <Button
          icon={<BellRing size={14} aria-hidden="true" />}
          disabled={test.isPending || mayWrite === false}
          title={mayWrite === false ? t('error.unauthorized') : undefined}
          onClick={() => {
            test.mutate(undefined, { onSettled: () => void deliveries.refetch() });
          }}
        >
          {t('command.testPopup')}
        </Button>
      </div>
      {deliveries.data === undefined && deliveries.error === null && <Loading />}
      {deliveries.error !== null && (
        <ErrorNotice
          title={t('alerts.deliveriesFailed')}
          error={deliveries.error}
          onRetry={() => void deliveries.refetch()}
        />
      )}
      {deliveries.data?.length === 0 && (
        <Notice title={t('alerts.noDeliveries')}>{t('alerts.noDeliveriesText')}</Notice>
      )}
      {deliveries.data !== undefined && deliveries.data.length > 0 && (
        <div className={styles.box} tabIndex={0} role="region" aria-label={t('alerts.deliveries')}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('alerts.time')}</th>
                <th scope="col">{t('alerts.outcome')}</th>
                <th scope="col">{t('alerts.receiver')}</th>
                <th scope="col">{t('alerts.channel')}</th>
                <th scope="col">{t('alerts.told')}</th>
                <th scope="col">{t('alerts.answer')}</th>
              </tr>
            </thead>
            <tbody>
              {deliveries.data.map((delivery, index) => (
                <tr key={`${String(delivery.at)} ${String(index)}`}>
                  <td title={format.dateTime(delivery.at)}>
                    <RelativeTime at={delivery.at} />
                  </td>
                  <td>
                    <span className={styles.outcome}>
                      <span aria-hidden="true">
                        <StateMark state={MARKS[delivery.outcome]} />
                      </span>{' '}
                      {t(`alerts.outcome.${delivery.outcome}`)}
                    </span>
                  </td>
                  <td>{delivery.receiver}</td>
                  <td>{delivery.channel}</td>
                  <td className={styles.wide}>{delivery.alerts.join(', ')}</td>
                  <td className={styles.wide}>{delivery.message ?? '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
