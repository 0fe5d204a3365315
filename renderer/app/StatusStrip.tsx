import { Link } from '@tanstack/react-router';
import { useStore } from 'zustand';
import { useFormat } from '../format/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useApp } from './app-context.ts';
import styles from './StatusStrip.module.css';
import { useStatus } from './use-status.ts';

/** How the program itself is: its parts, how late it runs, what it costs, and which time zone the times are in. */
export function StatusStrip() {
  const t = useText();
  const format = useFormat();
  const connection = useStore(useApp().connection, (state) => state.state);
  const status = useStatus().data;
  const broken = status?.workers.filter(({ state }) => state !== 'running') ?? [];
  return (
    <footer className={styles.strip}>
      {connection === 'connecting' && <span>{t('strip.connecting')}</span>}
      {connection === 'lost' && <span className={styles.bad}>{t('strip.lost')}</span>}
      {connection === 'online' && broken.length === 0 && <span>{t('strip.ok')}</span>}
      {connection === 'online' && broken.length > 0 && (
        <span className={styles.bad}>
          {t('strip.broken', { parts: broken.map(({ name }) => t(`strip.${name}`)).join(', ') })}
        </span>
      )}
      {status !== undefined && (
        <>
          {status.configProblems.length > 0 && (
            <Link to="/settings" hash="configuration" className={styles.problem}>
              {t('strip.configProblems', { count: status.configProblems.length })}
            </Link>
          )}
          {status.network.reach !== 'everywhere' && (
            <span className={styles.bad}>{t(`strip.network.${status.network.reach}`)}</span>
          )}
          {status.checksPaused && <span className={styles.bad}>{t('strip.checksPaused')}</span>}
          {status.mutedUntil !== null && status.mutedUntil > status.now && (
            <span>{t('strip.muted', { time: format.clock(status.mutedUntil) })}</span>
          )}
          <span>{t('strip.lateness', { time: format.duration(status.latenessMs) })}</span>
          <span>
            {t('strip.cost', { cpu: format.ratio(status.cpuRatio), memory: format.bytes(status.memoryBytes) })}
          </span>
          <span>{t('strip.samples', { rate: format.number(status.store.samplesPerSecond) })}</span>
        </>
      )}
      <span className={styles.zone}>{timeZone()}</span>
    </footer>
  );
}

/** `UTC+8`, the zone in which every time of the interface is. */
function timeZone(): string {
  const minutes = -new Date().getTimezoneOffset();
  const hours = Math.trunc(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? '−' : '+'}${String(hours)}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
