import { useQuery } from '@tanstack/react-query';
import { BellOff } from 'lucide-react';
import { useState } from 'react';
import type { WireSilence } from '../../../shared/contract/alert-care.ts';
import { useApp } from '../../app/app-context.ts';
import { useMayWrite } from '../../app/use-status.ts';
import { useWrite } from '../../app/use-write.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice, Loading, Notice } from '../../ui/Notice.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { SilenceDialog, type SilenceDraft } from './SilenceDialog.tsx';
import styles from './Tables.module.css';

/** Silences: active and pending ones, and those that ended lately. */
export function SilencesTab() {
  const t = useText();
  const { api, client } = useApp();
  const format = useFormat();
  const mayWrite = useMayWrite();
  const silences = useQuery(api.silences.list.queryOptions());
  const [draft, setDraft] = useState<SilenceDraft | null>(null);
  const expire = useWrite(async (id: string) => client.silences.expire({ id }), {
    done: () => t('alerts.silenceExpired'),
    onSuccess: () => void silences.refetch(),
  });
  const title = mayWrite === false ? t('error.unauthorized') : undefined;
  const edit = ({ id, matchers, comment, state }: WireSilence): void => {
    setDraft({ id: state === 'expired' ? null : id, matchers, comment });
  };
  return (
    <>
      <div className={styles.tools}>
        <p className="muted">{t('alerts.silencesText')}</p>
        <Button
          icon={<BellOff size={14} aria-hidden="true" />}
          disabled={mayWrite === false}
          title={title}
          onClick={() => {
            setDraft({ id: null, matchers: [{ name: 'alertname', operator: '=', value: '' }], comment: '' });
          }}
        >
          {t('alerts.silenceNew')}
        </Button>
      </div>
      {silences.data === undefined && silences.error === null && <Loading />}
      {silences.error !== null && (
        <ErrorNotice
          title={t('alerts.silencesFailed')}
          error={silences.error}
          onRetry={() => void silences.refetch()}
        />
      )}
      {silences.data?.length === 0 && <Notice title={t('alerts.noSilences')}>{t('alerts.noSilencesText')}</Notice>}
      {silences.data !== undefined && silences.data.length > 0 && (
        <div className={styles.box} tabIndex={0} role="region" aria-label={t('alerts.tabSilences')}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('alerts.state')}</th>
                <th scope="col">{t('alerts.matchers')}</th>
                <th scope="col">{t('alerts.ends')}</th>
                <th scope="col">{t('alerts.holds')}</th>
                <th scope="col">{t('alerts.by')}</th>
                <th scope="col">{t('alerts.comment')}</th>
                <th scope="col">{t('alerts.actions')}</th>
              </tr>
            </thead>
            <tbody>
              {silences.data.map((silence) => (
                <tr key={silence.id}>
                  <td>{t(`alerts.silence.${silence.state}`)}</td>
                  <td className={styles.wide}>
                    <code>
                      {silence.matchers.map(({ name, operator, value }) => `${name}${operator}"${value}"`).join(', ')}
                    </code>
                  </td>
                  <td title={format.dateTime(silence.endsAt)}>
                    <RelativeTime at={silence.endsAt} />
                  </td>
                  <td className={styles.number}>{format.count(silence.alerts.length)}</td>
                  <td>{silence.createdBy}</td>
                  <td className={styles.wide}>{silence.comment === '' ? '—' : silence.comment}</td>
                  <td>
                    <span className={styles.outcome}>
                      <Button
                        disabled={mayWrite === false}
                        title={title}
                        onClick={() => {
                          edit(silence);
                        }}
                      >
                        {t(silence.state === 'expired' ? 'alerts.silenceAgain' : 'alerts.edit')}
                      </Button>
                      {silence.state !== 'expired' && (
                        <Button
                          disabled={mayWrite === false || expire.isPending}
                          title={title}
                          onClick={() => {
                            expire.mutate(silence.id);
                          }}
                        >
                          {t('alerts.expire')}
                        </Button>
                      )}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {draft !== null && (
        <SilenceDialog
          draft={draft}
          onClose={() => {
            setDraft(null);
            void silences.refetch();
          }}
        />
      )}
    </>
  );
}
