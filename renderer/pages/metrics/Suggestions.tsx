import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApp } from '../../app/app-context.ts';
import { useDataSource } from '../../chart/data-source.ts';
import { useText } from '../../i18n/use-text.ts';
import { metricsIn, nearestNames } from './nearest-names.ts';
import styles from './Metrics.module.css';

/** No series matched: the metrics that do not exist, and those that may have been meant. */
export function Suggestions({ expr, onChoose }: { expr: string; onChoose: (text: string) => void }) {
  const t = useText();
  const { api } = useApp();
  const source = useDataSource();
  const names = useQuery(api.metrics.names.queryOptions({ input: { limit: 10_000, ...source }, staleTime: 30_000 }));
  const missing = useMemo(() => {
    const known = (names.data?.names ?? []).map(({ name }) => name);
    if (known.length === 0) return [];
    return metricsIn(expr)
      .filter((name) => !known.includes(name))
      .map((name) => ({ name, nearest: nearestNames(name, known, 4) }));
  }, [expr, names.data]);
  return (
    <div>
      {t('metrics.noSeries')}
      {missing.map(({ name, nearest }) => (
        <p key={name} className={styles.suggestion}>
          {t(nearest.length > 0 ? 'metrics.didYouMean' : 'metrics.noSuchMetric', { name })}
          {nearest.map((near) => (
            <button
              key={near}
              type="button"
              onClick={() => {
                onChoose(expr.replaceAll(new RegExp(`(?<![\\w:])${name}(?![\\w:])`, 'g'), near));
              }}
            >
              {near}
            </button>
          ))}
        </p>
      ))}
    </div>
  );
}
