import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Service } from '../../../shared/contract/services.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { HeartbeatBar } from '../../ui/HeartbeatBar.tsx';
import { ErrorNotice, Loading, Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StateMark, stateWord } from '../../ui/StateMark.tsx';
import { AddService } from '../services/AddService.tsx';
import styles from './Overview.module.css';

const MOST = 12;

/** What is watched, worst first, as tiles. */
export function ServiceTiles({ services }: { services: UseQueryResult<Service[]> }) {
  const t = useText();
  const { data, error, refetch } = services;
  return (
    <Panel
      title={t('nav.services')}
      actions={
        <Link to="/services" className={styles.more}>
          {t('overview.allServices', { count: data?.length ?? 0 })}
        </Link>
      }
    >
      {data === undefined && error === null && <Loading />}
      {data === undefined && error !== null && (
        <ErrorNotice title={t('services.failed')} error={error} onRetry={() => void refetch()} />
      )}
      {data?.length === 0 && (
        <Notice title={t('services.none')} actions={<AddService />}>
          {t('services.noneText')}
        </Notice>
      )}
      {data !== undefined && data.length > 0 && (
        <ul className={styles.tiles}>
          {data.slice(0, MOST).map((service) => (
            <li key={service.id}>
              <Tile service={service} />
            </li>
          ))}
        </ul>
      )}
      {data !== undefined && data.length > MOST && (
        <Link to="/services" className={styles.rest}>
          {t('common.more', { count: data.length - MOST })}
        </Link>
      )}
    </Panel>
  );
}

function Tile({ service }: { service: Service }) {
  const t = useText();
  const format = useFormat();
  const { id, name, state, message, latencyMs, beats } = service;
  return (
    <Link to="/services/detail" search={{ id }} className={styles.tile} data-state={state} title={message ?? name}>
      <span className={styles.tileHead}>
        <StateMark state={state} />
        <span className={styles.tileName}>{name}</span>
      </span>
      <span className={styles.tileText}>
        {state === 'up'
          ? latencyMs === null
            ? t(stateWord(state))
            : format.duration(latencyMs)
          : (message ?? t(stateWord(state)))}
      </span>
      <HeartbeatBar beats={beats} wide />
    </Link>
  );
}
