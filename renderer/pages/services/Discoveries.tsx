import { useQuery } from '@tanstack/react-query';
import { useApp } from '../../app/app-context.ts';
import { useText } from '../../i18n/use-text.ts';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import styles from './Discoveries.module.css';

/** How finding targets goes: one line when all is well, open when a discovery fails. Nothing where nothing is discovered. */
export function Discoveries() {
  const t = useText();
  const { api } = useApp();
  const { data } = useQuery(api.services.discoveries.queryOptions());
  if (data === undefined || (data.discoveries.length === 0 && data.dropped.length === 0)) return null;
  const { discoveries, dropped } = data;
  const failing = discoveries.filter(({ error }) => error !== null).length;
  const targets = discoveries.reduce((sum, one) => sum + one.targets, 0);
  const droppedCount = dropped.reduce((sum, { count }) => sum + count, 0);
  return (
    <details className={styles.box} open={failing > 0}>
      <summary>
        {t('services.discoverySummary', { discoveries: discoveries.length, targets })}
        {droppedCount > 0 && <> · {t('services.droppedSummary', { count: droppedCount })}</>}
        {failing > 0 && (
          <span className={styles.failing}>
            <StateMark state="down" /> {t('services.discoveryFailing', { count: failing })}
          </span>
        )}
      </summary>
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={t('services.discoveries')}>
        <ul className={styles.list}>
          {discoveries.map(({ job, kind, name, targets: count, error, lastSuccessAt }) => (
            <li key={`${job} ${kind} ${name}`}>
              <StateMark state={error === null ? (lastSuccessAt === null ? 'unknown' : 'up') : 'down'} />
              <strong>{job}</strong>
              <span className="muted">{kind}</span>
              <span className={styles.name}>{name}</span>
              <span>{t('services.discoveredTargets', { count })}</span>
              {error === null ? (
                lastSuccessAt !== null && (
                  <span className="muted">
                    <RelativeTime at={lastSuccessAt} />
                  </span>
                )
              ) : (
                <span className={styles.error}>{error}</span>
              )}
            </li>
          ))}
          {dropped.map(({ job, count }) => (
            <li key={`dropped ${job}`}>
              <StateMark state="paused" />
              <strong>{job}</strong>
              <span className="muted">{t('services.droppedTargets', { count })}</span>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
