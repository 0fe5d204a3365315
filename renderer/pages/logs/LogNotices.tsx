import { Link } from '@tanstack/react-router';
import { useStore } from 'zustand';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import type { LogFeed } from './feed/log-feed.ts';
import styles from './Logs.module.css';

/** A bar over the list when a search was stopped at its limit of work: how far it came, and a way to go on. */
export function StoppedBar({ feed }: { feed: LogFeed }) {
  const t = useText();
  const format = useFormat();
  const stopped = useStore(feed.store, (state) => state.stopped);
  const failed = useStore(feed.store, (state) => state.error !== null);
  if (stopped === null) return null;
  const words = failed
    ? t('logs.extendFailed')
    : stopped.reachedAt === null
      ? t('logs.stoppedWithout', { count: format.count(stopped.scanned) })
      : t(stopped.direction === 'backward' ? 'logs.stoppedBack' : 'logs.stoppedForward', {
          time: format.dateTime(stopped.reachedAt),
          count: format.count(stopped.scanned),
        });
  return (
    <div className={styles.bar} role="status">
      <span>{words}</span>
      <Button onClick={() => void feed.extend(stopped.direction)}>{t(failed ? 'common.tryAgain' : 'logs.goOn')}</Button>
    </div>
  );
}

/** No source is configured: what a source is and how to add one. */
export function NoSources() {
  const t = useText();
  return (
    <Notice title={t('logs.noSources')}>
      <p>{t('logs.noSourcesText')}</p>
      <pre className={styles.example}>{`logs:
  - name: app
    files: ['/var/log/app/*.log']`}</pre>
      <p>
        <Link to="/settings" hash="configuration">
          {t('logs.openConfiguration')}
        </Link>
      </p>
    </Notice>
  );
}

/** Nothing matches: what narrows the search, each with a way to widen it. */
export function NothingMatches({
  onClearText,
  onAllLevels,
  onAllSources,
  onWiderRange,
}: {
  onClearText: (() => void) | null;
  onAllLevels: (() => void) | null;
  onAllSources: (() => void) | null;
  onWiderRange: () => void;
}) {
  const t = useText();
  return (
    <Notice
      title={t('logs.nothing')}
      actions={
        <>
          {onClearText !== null && <Button onClick={onClearText}>{t('logs.clearSearch')}</Button>}
          {onAllLevels !== null && <Button onClick={onAllLevels}>{t('logs.allLevels')}</Button>}
          {onAllSources !== null && <Button onClick={onAllSources}>{t('logs.allSources')}</Button>}
          <Button onClick={onWiderRange}>{t('logs.widerRange')}</Button>
        </>
      }
    >
      {t('logs.nothingText')}
    </Notice>
  );
}
