import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { METRIC_NAME } from '../../../shared/model/labels.ts';
import { decodeValue } from '../../../shared/model/wire-value.ts';
import { useApp } from '../../app/app-context.ts';
import { useDataSource } from '../../chart/data-source.ts';
import { seriesKey } from '../../chart/palette.ts';
import { guessUnit } from '../../format/guess-unit.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { useTimeSpan } from '../../range/use-time-range.ts';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import styles from './InstantTable.module.css';

const MOST_ROWS = 500;

/** The values of an expression at the end of the range, a column for each label. */
export function InstantTable({ letter, expr }: { letter: string; expr: string }) {
  const t = useText();
  const format = useFormat();
  const { api } = useApp();
  const source = useDataSource();
  const { end } = useTimeSpan();
  const [sort, setSort] = useState<'none' | 'descending' | 'ascending'>('none');
  const answer = useQuery(
    api.metrics.query.queryOptions({
      input: { expr, time: end, ...source },
      placeholderData: keepPreviousData,
      gcTime: 30_000,
    }),
  );
  const samples = useMemo(() => {
    const decoded = (answer.data?.samples ?? []).map((sample) => ({ ...sample, value: decodeValue(sample.value) }));
    if (sort === 'none') return decoded;
    const sign = sort === 'ascending' ? 1 : -1;
    return decoded.toSorted((a, b) => sign * (a.value - b.value));
  }, [answer.data, sort]);
  const columns = useMemo(
    () =>
      [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))].sort(
        (a, b) => Number(b === METRIC_NAME) - Number(a === METRIC_NAME) || a.localeCompare(b),
      ),
    [samples],
  );
  if (answer.data === undefined) {
    return answer.error === null ? (
      <Loading />
    ) : (
      <ErrorNotice title={t('metrics.failed', { letter })} error={answer.error} />
    );
  }
  const unit = guessUnit(expr);
  const { text, warnings, infos } = answer.data;
  const next = { none: 'descending', descending: 'ascending', ascending: 'none' } as const;
  return (
    <section className={styles.part} aria-label={t('metrics.valuesOf', { letter })}>
      <p className={styles.caption}>
        <b>{letter}</b> <code className="truncate">{expr}</code>
        <span className="muted">
          {t('metrics.rows', { count: samples.length })} · {format.dateTime(end)}
        </span>
      </p>
      {[...warnings, ...infos].map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
      {text !== null && <pre className={styles.text}>{text}</pre>}
      {samples.length > 0 && (
        <div className={styles.box} tabIndex={0} role="region" aria-label={t('metrics.valuesOf', { letter })}>
          <table className={styles.table}>
            <thead>
              <tr>
                {columns.map((name) => (
                  <th key={name} scope="col">
                    {name === METRIC_NAME ? t('metrics.metric') : name}
                  </th>
                ))}
                <th scope="col" className={styles.value} aria-sort={sort}>
                  <button
                    type="button"
                    onClick={() => {
                      setSort(next[sort]);
                    }}
                  >
                    {t('metrics.value')} {sort === 'descending' ? '↓' : sort === 'ascending' ? '↑' : '↕'}
                  </button>
                </th>
              </tr>
            </thead>
            <tbody>
              {samples.slice(0, MOST_ROWS).map(({ labels, value, at }) => (
                <tr key={`${seriesKey(labels)} ${String(at)}`}>
                  {columns.map((name) => (
                    <td key={name}>{labels[name] ?? ''}</td>
                  ))}
                  <td className={styles.value} title={String(value)}>
                    {format.value(value, unit)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {samples.length > MOST_ROWS && <p className="muted">{t('common.more', { count: samples.length - MOST_ROWS })}</p>}
      {samples.length === 0 && text === null && <p className="muted">{t('metrics.noSeries')}</p>}
    </section>
  );
}
