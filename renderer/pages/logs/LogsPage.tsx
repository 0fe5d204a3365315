import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { ChartNoAxesColumn, ListFilter, WrapText } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { LogEntry, LogLevel } from '../../../shared/contract/logs.ts';
import { useApp } from '../../app/app-context.ts';
import { useMedia } from '../../app/Appearance.tsx';
import { Page } from '../../app/Page.tsx';
import { DAY_MS } from '../../format/time.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { resolveRange } from '../../range/time-range.ts';
import { useRangeControl } from '../../range/use-time-range.ts';
import { IconButton } from '../../ui/Button.tsx';
import { ContextPane } from './ContextPane.tsx';
import { Facets } from './Facets.tsx';
import { LogFeed } from './feed/log-feed.ts';
import { HistogramBox, Over } from './FeedParts.tsx';
import { totalOf } from './histogram/counts.ts';
import { LogList, type LogListHandle } from './list/LogList.tsx';
import { LogDetail } from './LogDetail.tsx';
import { NoSources, NothingMatches, StoppedBar } from './LogNotices.tsx';
import styles from './Logs.module.css';
import { withTerm } from './query/query-terms.ts';
import { QueryField } from './query/QueryField.tsx';
import { useHighlighter } from './query/use-highlighter.ts';
import { levelsOf, logsRoute, sourcesOf, sourcesText } from './route.ts';
import { useChangeSearch } from './use-change-search.ts';
import { useLogKeys } from './use-log-keys.ts';

const COUNT_AGAIN_MS = 5000;

/** Lines of all sources: searched, counted by level, followed live. */
export function LogsPage() {
  const t = useText();
  const format = useFormat();
  const { api, client, clock } = useApp();
  const search = useSearch({ from: logsRoute.id });
  const change = useChangeSearch();
  const { range, live, setRange } = useRangeControl();
  const levels = useMemo(() => levelsOf(search.levels), [search.levels]);
  const chosenSources = useMemo(() => sourcesOf(search.sources), [search.sources]);
  const text = search.q ?? '';
  const narrow = useMedia('(max-width: 899px)');
  const [facetsOpen, setFacetsOpen] = useState(!narrow);
  const [histogramOpen, setHistogramOpen] = useState(true);
  const [wrap, setWrap] = useState(false);
  const [selected, setSelected] = useState<LogEntry | null>(null);
  const [opened, setOpened] = useState<LogEntry | null>(null);
  const [context, setContext] = useState<LogEntry | null>(null);
  const [marked, setMarked] = useState<readonly LogEntry[]>([]);
  const listRef = useRef<LogListHandle>(null);
  const [feed] = useState(() => new LogFeed(client));
  const status = useStore(feed.store, (state) => state.status);
  const error = useStore(feed.store, (state) => state.error);
  const counts = useStore(feed.store, (state) => state.counts);
  const highlight = useHighlighter(text);
  const sources = useQuery(
    api.logs.sources.queryOptions({ refetchInterval: 15_000, placeholderData: keepPreviousData }),
  );
  const span = resolveRange(range, clock.getState().now);
  const withDate = span.end - span.start > DAY_MS;

  // A line in the address is looked up once, when the page opens; later the address follows the page.
  const firstLine = useRef(search.line ?? null);
  useEffect(() => {
    const line = firstLine.current;
    const now = Date.now();
    feed.open({ query: { text, levels, sources: chosenSources }, span: resolveRange(range, now), live, line });
    return () => {
      feed.dispose();
    };
  }, [feed, text, levels, chosenSources, range, live]);
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => {
      if (!document.hidden) void feed.refreshCounts(resolveRange(range, Date.now()));
    }, COUNT_AGAIN_MS);
    return () => {
      clearInterval(timer);
    };
  }, [feed, live, range]);
  useEffect(() => {
    const id = firstLine.current;
    if (id === null || status !== 'ready') return;
    firstLine.current = null;
    const entry = feed.store.getState().window.entries.find((one) => one.id === id);
    if (entry === undefined) return;
    setSelected(entry);
    setOpened(entry);
  }, [feed, status]);

  const select = useCallback((entry: LogEntry, open: boolean): void => {
    setSelected(entry);
    setOpened((old) => (open || old !== null ? entry : old));
    setContext((old) => (old === null ? null : entry));
  }, []);
  const openedId = opened?.id;
  useEffect(() => {
    if (firstLine.current === null && openedId !== search.line) change({ line: openedId });
  }, [openedId, search.line, change]);

  const setText = useCallback(
    (q: string) => {
      change({ q: q === '' ? undefined : q });
    },
    [change],
  );
  const setLevels = (next: readonly LogLevel[]): void => {
    change({ levels: next.length === 0 ? undefined : next.join(',') });
  };
  const setSources = (next: readonly string[]): void => {
    change({ sources: next.length === 0 ? undefined : sourcesText(next) });
  };
  const toggleWrap = (): void => {
    setWrap(!wrap);
  };
  useLogKeys({
    feed,
    view: () => listRef.current?.view ?? null,
    selected,
    marked,
    onSelect: select,
    onContext: () => {
      setContext((old) => (old === null ? selected : null));
    },
    onWrap: toggleWrap,
    onMark: () => {
      if (selected === null) return;
      const others = marked.filter(({ id }) => id !== selected.id);
      setMarked(others.length < marked.length ? others : [...marked, selected]);
    },
  });
  const markedIds = useMemo(() => new Set(marked.map(({ id }) => id)), [marked]);
  const noSources = sources.data?.length === 0;

  return (
    <Page title={t('nav.logs')} scroll={false}>
      <div className={styles.layout}>
        {facetsOpen && (
          <Facets
            counts={counts}
            levels={levels}
            onLevels={setLevels}
            sources={sources.data ?? []}
            chosenSources={chosenSources}
            onSources={setSources}
          />
        )}
        <div className={styles.main}>
          <div className={styles.tools}>
            <IconButton
              label={t('logs.filters')}
              icon={<ListFilter size={16} />}
              pressed={facetsOpen}
              onClick={() => {
                setFacetsOpen(!facetsOpen);
              }}
            />
            <QueryField value={text} onChange={setText} error={error} />
            <span className={styles.total}>
              {counts !== null && t('logs.total', { count: format.count(totalOf(counts, levels)) })}
              {counts?.complete === false && '+'}
            </span>
            <IconButton
              label={t('logs.histogram')}
              icon={<ChartNoAxesColumn size={16} />}
              pressed={histogramOpen}
              onClick={() => {
                setHistogramOpen(!histogramOpen);
              }}
            />
            <IconButton label={t('keys.logWrap')} icon={<WrapText size={16} />} pressed={wrap} onClick={toggleWrap} />
          </div>
          {histogramOpen && <HistogramBox feed={feed} levels={levels} />}
          <StoppedBar feed={feed} />
          <div className={styles.list}>
            <LogList
              ref={listRef}
              feed={feed}
              highlight={highlight}
              wrap={wrap}
              withDate={withDate}
              selected={selected?.id ?? null}
              marked={markedIds}
              onSelect={select}
            />
            <Over feed={feed}>
              {noSources ? (
                <NoSources />
              ) : (
                <NothingMatches
                  onClearText={
                    text === ''
                      ? null
                      : () => {
                          setText('');
                        }
                  }
                  onAllLevels={
                    levels.length === 0
                      ? null
                      : () => {
                          setLevels([]);
                        }
                  }
                  onAllSources={
                    chosenSources.length === 0
                      ? null
                      : () => {
                          setSources([]);
                        }
                  }
                  onWiderRange={() => {
                    setRange({ from: 'now-24h', to: 'now' });
                  }}
                />
              )}
            </Over>
          </div>
          {context !== null && (
            <ContextPane
              entry={context}
              highlight={highlight}
              withDate={withDate}
              onClose={() => {
                setContext(null);
              }}
            />
          )}
        </div>
      </div>
      {opened !== null && (
        <LogDetail
          key={opened.id}
          entry={opened}
          onClose={() => {
            setOpened(null);
            listRef.current?.focus();
          }}
          onContext={() => {
            setContext(opened);
          }}
          onTerm={(term) => {
            setText(withTerm(text, term));
          }}
        />
      )}
    </Page>
  );
}
