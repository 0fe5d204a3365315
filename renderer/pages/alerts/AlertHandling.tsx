import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Alert } from '../../../shared/contract/alerts.ts';
import { useApp } from '../../app/app-context.ts';
import { useMayWrite, useStatus } from '../../app/use-status.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { RelativeTime, useNow } from '../../ui/RelativeTime.tsx';
import { TextField } from '../../ui/TextField.tsx';
import detail from './AlertDetail.module.css';
import styles from './Handling.module.css';
import { isSnoozed, SNOOZE_MS, useAlertActions } from './use-alert-actions.ts';

/** What can be done about an alert that fires, what was, what holds it back, and who was told. */
export function AlertHandling({ alert, onSilence }: { alert: Alert; onSilence: () => void }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(30_000);
  const mayWrite = useMayWrite();
  const [note, setNote] = useState('');
  const { acknowledge, unacknowledge, snooze, unsnooze } = useAlertActions();
  if (alert.handling === null) return <AlertDeliveries alert={alert} />;
  const { acknowledged } = alert.handling;
  const snoozed = isSnoozed(alert, now);
  const disabled = mayWrite === false;
  const hint = disabled ? t('error.unauthorized') : undefined;
  return (
    <>
      {acknowledged === null && (
        <TextField
          label={t('alerts.note')}
          placeholder={t('alerts.note')}
          className={styles.note}
          value={note}
          disabled={disabled}
          onChange={setNote}
        />
      )}
      <div className={styles.bar}>
        {acknowledged === null ? (
          <Button
            look="primary"
            disabled={disabled || acknowledge.isPending}
            title={hint}
            onClick={() => {
              acknowledge.mutate({ ids: [alert.id], note });
            }}
          >
            {t('alerts.acknowledge')} <kbd>A</kbd>
          </Button>
        ) : (
          <Button
            disabled={disabled || unacknowledge.isPending}
            title={hint}
            onClick={() => {
              unacknowledge.mutate([alert.id]);
            }}
          >
            {t('alerts.unacknowledge')}
          </Button>
        )}
        <Button
          disabled={disabled || snooze.isPending || unsnooze.isPending}
          title={hint}
          onClick={() => {
            if (snoozed) unsnooze.mutate([alert.id]);
            else snooze.mutate([alert.id]);
          }}
        >
          {snoozed ? t('alerts.unsnooze') : t('alerts.snooze', { time: format.duration(SNOOZE_MS) })}
        </Button>
        <Button disabled={disabled} title={hint} onClick={onSilence}>
          {t('alerts.silence')} <kbd>S</kbd>
        </Button>
      </div>
      <HeldBack alert={alert} isSnoozed={snoozed} />
      <AlertDeliveries alert={alert} />
    </>
  );
}

/** Who looks after it, and everything that keeps it from being told. */
function HeldBack({ alert: { handling }, isSnoozed: snoozed }: { alert: Alert; isSnoozed: boolean }) {
  const t = useText();
  const format = useFormat();
  const status = useStatus().data;
  if (handling === null) return null;
  const pausedUntil = status !== undefined && (status.mutedUntil ?? 0) > status.now ? status.mutedUntil : null;
  const { acknowledged } = handling;
  const lines = [
    ...(acknowledged === null
      ? []
      : [
          t('alerts.acknowledgedBy', { who: acknowledged.by, time: format.dateTime(acknowledged.at) }) +
            (acknowledged.note === '' ? '' : `: ${acknowledged.note}`),
        ]),
    ...(snoozed && handling.snoozed !== null
      ? [t('alerts.snoozedUntil', { time: format.dateTime(handling.snoozed.until), who: handling.snoozed.by })]
      : []),
    ...handling.silencedBy.map(({ comment, endsAt }) =>
      t('alerts.silencedUntil', { time: format.dateTime(endsAt), comment: comment === '' ? '—' : comment }),
    ),
    ...handling.inhibitedBy.map(({ name }) => t('alerts.inhibitedBy', { name })),
    ...handling.mutedBy.map((name) => t('alerts.mutedByInterval', { name })),
    ...(pausedUntil === null ? [] : [t('alerts.pausedUntil', { time: format.dateTime(pausedUntil) })]),
    ...(handling.quiet === 'no' ? [] : [t(`alerts.quiet.${handling.quiet}`)]),
    ...handling.escalated.map(({ receiver, at }) => t('alerts.escalatedTo', { receiver, time: format.dateTime(at) })),
  ];
  return (
    <>
      <h3 className={detail.heading}>{t('alerts.handling')}</h3>
      <ul className={styles.held}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {lines.length === 0 && <li>{t('alerts.nothingHolds')}</li>}
        <li>{t('alerts.toldTo', { receivers: handling.receivers.join(', ') })}</li>
      </ul>
    </>
  );
}

function AlertDeliveries({ alert }: { alert: Alert }) {
  const t = useText();
  const { api } = useApp();
  const deliveries = useQuery(api.alerts.deliveries.queryOptions({ input: { alert: alert.id, limit: 20 } }));
  if (deliveries.data === undefined) return null;
  return (
    <>
      <h3 className={detail.heading}>{t('alerts.tabDeliveries')}</h3>
      <ul className={styles.held}>
        {deliveries.data.length === 0 && <li>{t('alerts.notToldYet')}</li>}
        {deliveries.data.map((one, index) => (
          <li key={`${String(one.at)} ${String(index)}`}>
            <RelativeTime at={one.at} /> · {one.receiver} · {one.channel} · {t(`alerts.outcome.${one.outcome}`)}
            {one.message !== null && <span className="muted"> · {one.message}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
