import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { LogEntry } from '../../../shared/contract/logs.ts';
import { useApp } from '../../app/app-context.ts';
import { useText } from '../../i18n/use-text.ts';
import { useShortcuts } from '../../keys/use-shortcuts.ts';
import { IconButton } from '../../ui/Button.tsx';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import styles from './ContextPane.module.css';
import { LEVEL_WORDS } from './levels.ts';
import listStyles from './list/LogList.module.css';
import { RowElement, type RowLook } from './list/row-element.ts';
import type { Highlighter } from './query/highlighter.ts';

const AROUND = 20;

/** The lines of the same source before and after one, whatever the search; the search itself stays as it is. */
export function ContextPane({
  entry,
  highlight,
  withDate,
  onClose,
}: {
  entry: LogEntry;
  highlight: Highlighter;
  withDate: boolean;
  onClose: () => void;
}) {
  const t = useText();
  const { api } = useApp();
  const around = useQuery(
    api.logs.around.queryOptions({ input: { id: entry.id, before: AROUND, after: AROUND }, staleTime: 60_000 }),
  );
  useShortcuts([
    { id: 'logs.closeContext', keys: 'esc', label: 'keys.logContext', group: 'keys.groupPage', run: onClose },
  ]);
  return (
    <section className={styles.pane} aria-label={t('logs.contextOf', { source: entry.source })}>
      <header className={styles.header}>
        <h2>{t('logs.contextOf', { source: entry.source })}</h2>
        <span className="muted">{t('logs.contextHint', { count: AROUND })}</span>
        <span className={styles.space} />
        <IconButton label={t('common.close')} icon={<X size={14} />} onClick={onClose} />
      </header>
      {around.data === undefined && around.error === null && <Loading />}
      {around.error !== null && <ErrorNotice title={t('logs.contextFailed')} error={around.error} />}
      {around.data !== undefined && (
        <Lines entries={around.data.entries} anchor={entry.id} highlight={highlight} withDate={withDate} />
      )}
    </section>
  );
}

function Lines({
  entries,
  anchor,
  highlight,
  withDate,
}: {
  entries: readonly LogEntry[];
  anchor: string;
  highlight: Highlighter;
  withDate: boolean;
}) {
  const t = useText();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = ref.current;
    if (box === null) return;
    const look: RowLook = { wrap: false, withDate, highlight, levelWord: (level) => t(LEVEL_WORDS[level]) };
    const rows = entries.map((entry, index) => {
      const row = new RowElement();
      const selected = entry.id === anchor;
      row.fill({ index, entry, selected, marked: false }, look, `log-context-${String(index)}`);
      return row.element;
    });
    box.replaceChildren(...rows);
    const middle = rows[entries.findIndex(({ id }) => id === anchor)];
    const view = box.parentElement;
    if (middle !== undefined && view !== null) view.scrollTop = middle.offsetTop - view.clientHeight / 2;
  }, [entries, anchor, highlight, withDate, t]);
  return (
    <div
      className={`${styles.lines ?? ''} ${listStyles.frame ?? ''}`}
      data-dates={withDate}
      role="grid"
      tabIndex={0}
      aria-label={t('logs.contextLines')}
      aria-readonly="true"
    >
      <div ref={ref} role="rowgroup" />
    </div>
  );
}
