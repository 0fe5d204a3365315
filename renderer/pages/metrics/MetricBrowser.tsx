import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApp } from '../../app/app-context.ts';
import { useDataSource } from '../../chart/data-source.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import styles from './MetricBrowser.module.css';

const MOST_SHOWN = 200;
const TYPING_MS = 200;

/** Every metric that is kept, found by its name or help; a click puts it into the expression. */
export function MetricBrowser({ onChoose }: { onChoose: (name: string) => void }) {
  const t = useText();
  const format = useFormat();
  const { api } = useApp();
  const source = useDataSource();
  const [typed, setTyped] = useState('');
  const search = useDebounced(typed.trim(), TYPING_MS);
  const names = useQuery(
    api.metrics.names.queryOptions({
      input: { search, limit: MOST_SHOWN, ...source },
      placeholderData: keepPreviousData,
      staleTime: 15_000,
    }),
  );
  return (
    <aside className={styles.browser} aria-label={t('metrics.browser')}>
      <div className={styles.search}>
        <TextField
          type="search"
          label={t('metrics.searchNames')}
          placeholder={t('metrics.searchNames')}
          value={typed}
          onChange={setTyped}
        />
        <p className={styles.total}>
          {names.data !== undefined &&
            t('metrics.names', { count: format.count(names.data.total), plural: names.data.total })}
        </p>
      </div>
      {names.data === undefined && names.error === null && <Loading />}
      {names.error !== null && (
        <ErrorNotice title={t('metrics.namesFailed')} error={names.error} onRetry={() => void names.refetch()} />
      )}
      <ul className={styles.list}>
        {names.data?.names.map(({ name, type, help }) => (
          <li key={name}>
            <button
              type="button"
              className={styles.metric}
              title={help === null ? name : `${name}\n${help}`}
              onClick={() => {
                onChoose(name);
              }}
            >
              <span className={styles.line}>
                <span className={styles.name}>{name}</span>
                {type !== null && <span className={styles.type}>{type}</span>}
              </span>
              {help !== null && <span className={styles.help}>{help}</span>}
            </button>
          </li>
        ))}
      </ul>
      {names.data !== undefined && names.data.total > names.data.names.length && (
        <p className={styles.more}>
          {t('metrics.moreNames', { count: format.count(names.data.total - names.data.names.length) })}
        </p>
      )}
      {names.data?.total === 0 && <p className={styles.more}>{t('metrics.noNames')}</p>}
    </aside>
  );
}
