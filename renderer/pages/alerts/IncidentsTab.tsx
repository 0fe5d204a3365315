import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WireIncident, WireTimelineEntry } from '../../../shared/contract/alert-care.ts';
import { useApp } from '../../app/app-context.ts';
import { SidePanel } from '../../app/SidePanel.tsx';
import { DAY_MS } from '../../format/time.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { ErrorNotice, Loading, Notice } from '../../ui/Notice.tsx';
import { RelativeTime, useNow } from '../../ui/RelativeTime.tsx';
import { StateMark, type Mark } from '../../ui/StateMark.tsx';
import { actionText } from './action-text.ts';
import { markOf } from './alert-facts.ts';
import handling from './Handling.module.css';
import styles from './Tables.module.css';

const SPAN_DAYS = 30;

/** What fired together in the last weeks, and what happened in it. */
export function IncidentsTab() {
  const t = useText();
  const { api } = useApp();
  const format = useFormat();
  const now = Math.floor(useNow(30_000) / 60_000) * 60_000 + 60_000;
  const [openId, setOpenId] = useState<number | null>(null);
  const incidents = useQuery(
    api.incidents.list.queryOptions({
      input: { from: now - SPAN_DAYS * DAY_MS, to: now, limit: 200 },
      placeholderData: (previous) => previous,
    }),
  );
  if (incidents.data === undefined) {
    return incidents.error === null ? (
      <Loading />
    ) : (
      <ErrorNotice
        title={t('alerts.incidentsFailed')}
        error={incidents.error}
        onRetry={() => void incidents.refetch()}
      />
    );
  }
  return (
    <>
      <p className="muted">{t('alerts.incidentsText', { count: SPAN_DAYS })}</p>
      {incidents.data.length === 0 && <Notice title={t('alerts.noIncidents')}>{t('alerts.noIncidentsText')}</Notice>}
      {incidents.data.length > 0 && (
        <div className={styles.box} tabIndex={0} role="region" aria-label={t('alerts.tabIncidents')}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('alerts.incident')}</th>
                <th scope="col">{t('alerts.began')}</th>
                <th scope="col">{t('alerts.duration')}</th>
                <th scope="col">{t('alerts.told')}</th>
              </tr>
            </thead>
            <tbody>
              {incidents.data.map((incident) => (
                <tr key={incident.id} aria-selected={incident.id === openId}>
                  <td className={styles.wide}>
                    <span className={styles.outcome}>
                      <span aria-hidden="true">
                        <StateMark state={incident.endedAt === null ? markOf(incident.severity) : 'up'} />
                      </span>
                      <button
                        type="button"
                        className={handling.linkButton}
                        onClick={() => {
                          setOpenId(incident.id);
                        }}
                      >
                        {titleOf(incident)}
                      </button>
                      <span className={`muted ${handling.word ?? ''}`}>{t(`severity.${incident.severity}`)}</span>
                    </span>
                  </td>
                  <td title={format.dateTime(incident.startedAt)}>
                    <RelativeTime at={incident.startedAt} />
                  </td>
                  <td>
                    {incident.endedAt === null
                      ? t('alerts.goesOn')
                      : format.duration(incident.endedAt - incident.startedAt)}
                  </td>
                  <td className={styles.number}>{format.count(incident.members.length)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {openId !== null && (
        <IncidentPanel
          key={openId}
          id={openId}
          onClose={() => {
            setOpenId(null);
          }}
        />
      )}
    </>
  );
}

function titleOf({ id, members }: WireIncident): string {
  const names = [...new Set(members.map(({ name }) => name))];
  return `#${String(id)} ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`;
}

function IncidentPanel({ id, onClose }: { id: number; onClose: () => void }) {
  const t = useText();
  const format = useFormat();
  const { api } = useApp();
  const { data, error } = useQuery(api.incidents.get.queryOptions({ input: { id } }));
  return (
    <SidePanel title={data === undefined ? `#${String(id)}` : titleOf(data.incident)} onClose={onClose}>
      {error !== null && <ErrorNotice title={t('alerts.incidentsFailed')} error={error} />}
      {data !== undefined && (
        <>
          <p>
            {format.dateTime(data.incident.startedAt)} –{' '}
            {data.incident.endedAt === null ? t('alerts.goesOn') : format.dateTime(data.incident.endedAt)}
          </p>
          <h3>{t('alerts.timeline')}</h3>
          <ol className={handling.timeline}>
            {data.timeline.map((entry, index) => (
              <li key={`${String(entry.at)} ${String(index)}`}>
                <time dateTime={new Date(entry.at).toISOString()} title={format.dateTime(entry.at)}>
                  {format.clock(entry.at)}
                </time>
                <span aria-hidden="true">
                  <StateMark state={markOfEntry(entry)} />
                </span>
                <span>
                  <b>{entry.kind === 'action' ? actionText(entry.what, t) : t(`alerts.timeline.${entry.kind}`)}</b>{' '}
                  {entry.subject}
                  {entry.who !== '' && <span className="muted"> · {entry.who}</span>}
                  {entry.kind === 'notified' && <span className="muted"> · {outcomeText(entry.what, t)}</span>}
                  {entry.detail !== '' && <span className="muted"> · {entry.detail}</span>}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </SidePanel>
  );
}

function markOfEntry({ kind, what }: WireTimelineEntry): Mark {
  switch (kind) {
    case 'fired':
      return 'critical';
    case 'resolved':
      return 'up';
    case 'action':
      return what === 'escalate' ? 'warning' : 'paused';
    case 'notified':
      return what === 'delivered' ? 'up' : what === 'failed' || what === 'refused' ? 'down' : 'unknown';
  }
}

/** The delivery log knows more outcomes than the list of deliveries shows. */
function outcomeText(outcome: string, t: ReturnType<typeof useText>): string {
  switch (outcome) {
    case 'delivered':
    case 'refused':
    case 'failed':
      return t(`alerts.outcome.${outcome}`);
    case 'suppressed':
      return t('alerts.outcomeSuppressed');
    case 'doubt':
      return t('alerts.outcomeDoubt');
    default:
      return t('alerts.outcome.retrying');
  }
}
