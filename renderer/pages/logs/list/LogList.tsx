import { useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import { useStore } from 'zustand';
import type { LogEntry } from '../../../../shared/contract/logs.ts';
import { useLook } from '../../../app/look.ts';
import { useFormat } from '../../../format/use-format.ts';
import { useText } from '../../../i18n/use-text.ts';
import type { LogFeed } from '../feed/log-feed.ts';
import { LEVEL_WORDS } from '../levels.ts';
import type { Highlighter } from '../query/highlighter.ts';
import styles from './LogList.module.css';
import { LogView } from './log-view.ts';
import type { RowLook } from './row-element.ts';

export interface LogListHandle {
  readonly view: LogView | null;
  readonly focus: () => void;
}

/** The lines, newest at the bottom: only those in view are in the page. */
export function LogList({
  ref,
  feed,
  highlight,
  wrap,
  withDate,
  selected,
  marked,
  onSelect,
}: {
  ref: Ref<LogListHandle>;
  feed: LogFeed;
  highlight: Highlighter;
  wrap: boolean;
  /** Whether the time of day is not enough. */
  withDate: boolean;
  selected: string | null;
  marked: ReadonlySet<string>;
  onSelect: (entry: LogEntry, open: boolean) => void;
}) {
  const t = useText();
  const { density } = useLook();
  const scrollerRef = useRef<HTMLDivElement>(null);
  const layerRef = useRef<HTMLDivElement>(null);
  const rowsRef = useRef<HTMLDivElement>(null);
  const spacerRef = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<LogView | null>(null);
  const look = useMemo<RowLook>(
    () => ({ wrap, withDate, highlight, levelWord: (level) => t(LEVEL_WORDS[level]) }),
    [wrap, withDate, highlight, t],
  );
  const latest = useRef({ look, onSelect });
  useEffect(() => {
    latest.current = { look, onSelect };
  });

  useEffect(() => {
    const [scroller, layer, rows, spacer] = [scrollerRef, layerRef, rowsRef, spacerRef].map(({ current }) => current);
    if (!scroller || !layer || !rows || !spacer) return;
    const made = new LogView({ scroller, layer, rows, spacer }, latest.current.look, readRowHeight, {
      onVisible: (first, last) => {
        feed.need(first, last);
      },
      onFollow: (following) => {
        feed.setFollowing(following);
      },
      onSelect: (entry, open) => {
        latest.current.onSelect(entry, open);
      },
    });
    const show = (): void => {
      const { window, session, anchor } = feed.store.getState();
      made.setWindow(window, session, anchor);
    };
    show();
    const unsubscribe = feed.store.subscribe(show);
    setView(made);
    return () => {
      unsubscribe();
      made.dispose();
    };
  }, [feed]);
  useEffect(() => {
    view?.setLook(look);
  }, [view, look, density]);
  useEffect(() => {
    view?.setSelected(selected);
  }, [view, selected]);
  useEffect(() => {
    view?.setMarked(marked);
  }, [view, marked]);
  useImperativeHandle(ref, () => ({ view, focus: () => scrollerRef.current?.focus() }), [view]);

  return (
    <div className={styles.frame} data-wrap={wrap} data-dates={withDate}>
      <div
        ref={scrollerRef}
        className={styles.scroller}
        role="grid"
        tabIndex={0}
        aria-label={t('logs.lines')}
        aria-readonly="true"
        aria-colcount={4}
      >
        <div role="row" aria-rowindex={1} className="visually-hidden">
          <span role="columnheader">{t('logs.time')}</span>
          <span role="columnheader">{t('logs.level')}</span>
          <span role="columnheader">{t('logs.source')}</span>
          <span role="columnheader">{t('logs.text')}</span>
        </div>
        <div ref={layerRef} className={styles.layer} role="presentation">
          <div ref={rowsRef} className={styles.rows} role="rowgroup" />
        </div>
        <div ref={spacerRef} role="presentation" />
      </div>
      <FreshLines
        feed={feed}
        onEnd={() => {
          if (feed.store.getState().window.newerCursor === null) view?.toEnd();
          else void feed.openEnd();
        }}
      />
    </div>
  );
}

/** How many lines came while the reader looked elsewhere; leads to them. */
function FreshLines({ feed, onEnd }: { feed: LogFeed; onEnd: () => void }) {
  const t = useText();
  const format = useFormat();
  const fresh = useStore(feed.store, (state) => state.fresh);
  const spoken = useSpoken(fresh);
  return (
    <>
      {fresh > 0 && (
        <button type="button" className={styles.fresh} onClick={onEnd}>
          {t('logs.fresh', { count: format.count(fresh), plural: fresh })} ↓
        </button>
      )}
      <span className="visually-hidden" role="status">
        {spoken > 0 ? t('logs.fresh', { count: format.count(spoken), plural: spoken }) : ''}
      </span>
    </>
  );
}

const SPOKEN_EVERY_MS = 10_000;

/** A count that changes seldom enough to be read out. */
function useSpoken(count: number): number {
  const [spoken, setSpoken] = useState(0);
  const latest = useRef(count);
  useEffect(() => {
    latest.current = count;
  });
  useEffect(() => {
    const timer = setInterval(() => {
      setSpoken(latest.current);
    }, SPOKEN_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return count === 0 ? 0 : spoken;
}

function readRowHeight(): number {
  return Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--log-row'), 10) || 20;
}
