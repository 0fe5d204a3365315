import { Link } from '@tanstack/react-router';
import { Copy, ListFilter, ListX, TextQuote } from 'lucide-react';
import { useState } from 'react';
import type { LogEntry } from '../../../shared/contract/logs.ts';
import { useApp } from '../../app/app-context.ts';
import { SidePanel } from '../../app/SidePanel.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { LEVEL_WORDS } from './levels.ts';
import { LevelShape } from './LevelShape.tsx';
import { cleanText, prettyJson } from './list/display-text.ts';
import styles from './LogDetail.module.css';
import { termFor } from './query/query-terms.ts';

const AROUND_MS = 15 * 60_000;

/** A line in full: its text, its fields, and where to go from it. */
export function LogDetail({
  entry,
  onClose,
  onContext,
  onTerm,
}: {
  entry: LogEntry;
  onClose: () => void;
  onContext: () => void;
  /** Add a term to the search. */
  onTerm: (term: string) => void;
}) {
  const t = useText();
  const format = useFormat();
  const pretty = prettyJson(entry.text);
  const [raw, setRaw] = useState(false);
  const copy = useCopy();
  const fields = Object.entries(entry.fields);
  const facts = [
    [t('logs.source'), entry.source],
    [t('logs.type'), t(`logs.type.${entry.type}`)],
    [t('logs.file'), entry.file],
  ] as const;
  return (
    <SidePanel
      title={
        <span className={styles.title} data-level={entry.level}>
          <LevelShape level={entry.level} size={12} />
          {t(LEVEL_WORDS[entry.level])}
          <time dateTime={new Date(entry.at).toISOString()} className={styles.time}>
            {format.dateTime(entry.at)}
            <span className="muted">.{String(entry.at % 1000).padStart(3, '0')}</span>
          </time>
        </span>
      }
      onClose={onClose}
    >
      <div className={styles.actions}>
        <Button icon={<TextQuote size={14} aria-hidden="true" />} onClick={onContext}>
          {t('logs.context')}
        </Button>
        <Button icon={<Copy size={14} aria-hidden="true" />} onClick={() => void copy(entry.text)}>
          {t('logs.copyText')}
        </Button>
        <Button onClick={() => void copy(JSON.stringify(entry, null, 2))}>{t('logs.copyJson')}</Button>
        <Button onClick={() => void copy(window.location.href)}>{t('logs.copyLink')}</Button>
      </div>
      <div className={styles.textBox}>
        <pre className={styles.text}>{cleanText(pretty !== null && !raw ? pretty : entry.text)}</pre>
        {pretty !== null && (
          <Button
            className={styles.raw ?? ''}
            pressed={raw}
            onClick={() => {
              setRaw(!raw);
            }}
          >
            {t('logs.raw')}
          </Button>
        )}
      </div>
      <h3 className={styles.heading}>{t('logs.fields')}</h3>
      {fields.length === 0 && <p className="muted">{t('logs.noFields')}</p>}
      <dl className={styles.fields}>
        {fields.map(([name, value]) => (
          <div key={name} className={styles.field}>
            <dt>{name}</dt>
            <dd>
              <span>{value}</span>
              <span className={styles.fieldActions}>
                <IconButton
                  label={t('logs.filterFor', { name, value: short(value) })}
                  icon={<ListFilter size={13} />}
                  onClick={() => {
                    onTerm(termFor(value, false));
                  }}
                />
                <IconButton
                  label={t('logs.filterOut', { name, value: short(value) })}
                  icon={<ListX size={13} />}
                  onClick={() => {
                    onTerm(termFor(value, true));
                  }}
                />
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <h3 className={styles.heading}>{t('logs.origin')}</h3>
      <dl className={styles.fields}>
        {facts.map(([name, value]) => (
          <div key={name} className={styles.field}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.links}>
        <Link to="/explore" search={{ from: String(entry.at - AROUND_MS), to: String(entry.at + AROUND_MS) } as never}>
          {t('logs.metricsThen')}
        </Link>
      </p>
    </SidePanel>
  );
}

/** Put a text on the clipboard and say so. */
function useCopy(): (text: string) => Promise<void> {
  const t = useText();
  const { toasts } = useApp();
  return async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      toasts.show({ tone: 'good', text: t('common.copied') });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      toasts.show({ tone: 'bad', text: t('logs.copyFailed') });
    }
  };
}

function short(value: string): string {
  return value.length > 40 ? `${value.slice(0, 40)}…` : value;
}
