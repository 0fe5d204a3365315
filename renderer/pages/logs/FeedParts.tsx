import { ORPCError } from '@orpc/client';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { LogLevel } from '../../../shared/contract/logs.ts';
import { useText } from '../../i18n/use-text.ts';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import type { LogFeed } from './feed/log-feed.ts';
import { Histogram } from './histogram/Histogram.tsx';
import styles from './Logs.module.css';

/** The histogram as soon as the lines are counted. */
export function HistogramBox({ feed, levels }: { feed: LogFeed; levels: readonly LogLevel[] }) {
  const t = useText();
  const counts = useStore(feed.store, (state) => state.counts);
  const error = useStore(feed.store, (state) => state.countsError);
  if (counts !== null) return <Histogram counts={counts} levels={levels} />;
  return (
    <div className={styles.waiting}>
      {error === null && <Loading />}
      {error !== null && !isBadText(error) && <span className="muted">{t('logs.noHistogram')}</span>}
    </div>
  );
}

/** What stands in place of the lines while there are none. */
export function Over({ feed, children }: { feed: LogFeed; children: ReactNode }) {
  const t = useText();
  const status = useStore(feed.store, (state) => state.status);
  const error = useStore(feed.store, (state) => state.error);
  const isEmpty = useStore(feed.store, (state) => state.window.entries.length === 0 && state.stopped === null);
  if (!isEmpty && status !== 'failed') return null;
  // What is wrong in the search text is said under it; the lines of the last search stay.
  if (!isEmpty && isBadText(error)) return null;
  return (
    <div className={styles.over}>
      {status === 'loading' && <Loading />}
      {status === 'failed' && !isBadText(error) && (
        <ErrorNotice title={t('logs.failed')} error={error} onRetry={() => void feed.openEnd()} />
      )}
      {status === 'ready' && children}
    </div>
  );
}

function isBadText(error: unknown): boolean {
  return error instanceof ORPCError && error.code === 'BAD_EXPRESSION';
}
