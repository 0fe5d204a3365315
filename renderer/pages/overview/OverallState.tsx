import { Link } from '@tanstack/react-router';
import type { State } from '../../../shared/model/state.ts';
import { useStatus } from '../../app/use-status.ts';
import { useFormat } from '../../format/use-format.ts';
import type { MessageKey } from '../../i18n/en.ts';
import { useText } from '../../i18n/use-text.ts';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import { StateMark, stateWord } from '../../ui/StateMark.tsx';
import styles from './Overview.module.css';

const SHOWN: readonly State[] = ['down', 'degraded', 'unknown', 'up', 'maintenance', 'paused'];

/** One sentence for everything, and the count of each state as a way to its services. */
export function OverallState() {
  const t = useText();
  const format = useFormat();
  const { data: status, error, refetch } = useStatus();
  if (status === undefined) {
    return error === null ? (
      <Loading />
    ) : (
      <ErrorNotice title={t('overview.noStatus')} error={error} onRetry={() => void refetch()} />
    );
  }
  const { counts, worst } = status;
  const total = SHOWN.reduce((sum, state) => sum + counts[state], 0);
  const sentence: MessageKey =
    total === 0
      ? 'overview.nothingWatched'
      : counts.down > 0
        ? 'overview.someDown'
        : counts.degraded > 0
          ? 'overview.someDegraded'
          : counts.unknown > 0
            ? 'overview.someUnknown'
            : 'overview.allUp';
  return (
    <div className={styles.overall}>
      <StateMark state={total === 0 ? 'up' : worst} size={18} />
      <p className={styles.sentence}>{t(sentence, { ...counts, total })}</p>
      <ul className={styles.counts}>
        {SHOWN.filter((state) => counts[state] > 0).map((state) => (
          <li key={state}>
            <Link to="/services" search={{ state }} className={styles.count}>
              <StateMark state={state} />
              <strong>{format.count(counts[state])}</strong>
              <span className="muted" aria-hidden="true">
                {t(stateWord(state))}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
