import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { LogLevel } from '../../../shared/contract/logs.ts';
import { useApp } from '../../app/app-context.ts';
import { useFormat } from '../../format/use-format.ts';
import type { MessageKey } from '../../i18n/en.ts';
import { useText } from '../../i18n/use-text.ts';
import { resolveRange } from '../../range/time-range.ts';
import { useRangeControl } from '../../range/use-time-range.ts';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import styles from './Overview.module.css';

const BUCKETS = 90;
const HEIGHT = 56;
/** From the bottom of a bar to its top: what matters stands on the base line. */
const GROUPS: readonly { readonly name: 'error' | 'warn' | 'rest'; readonly levels: readonly LogLevel[] }[] = [
  { name: 'error', levels: ['error', 'fatal'] },
  { name: 'warn', levels: ['warn'] },
  { name: 'rest', levels: ['info', 'debug', 'trace', 'unknown'] },
];
const WORDS: Readonly<Record<'error' | 'warn' | 'rest', MessageKey>> = {
  error: 'overview.logErrors',
  warn: 'overview.logWarnings',
  rest: 'overview.logRest',
};

/** How many lines were logged in the range, by what they mean. */
export function LogVolume() {
  const t = useText();
  const format = useFormat();
  const { api, client, clock } = useApp();
  const { range } = useRangeControl();
  const { data, error, refetch } = useQuery({
    queryKey: [...api.logs.histogram.key(), 'overview', range],
    queryFn: async ({ signal }) => {
      const { start, end } = resolveRange(range, clock.getState().now);
      return client.logs.histogram({ from: start, to: end, buckets: BUCKETS }, { signal });
    },
    refetchInterval: 15_000,
    placeholderData: (previous) => previous,
  });
  const sums = GROUPS.map(({ name, levels }) => ({
    name,
    columns: Array.from({ length: BUCKETS }, (_, bucket) =>
      levels.reduce((sum, level) => sum + (data?.counts[level][bucket] ?? 0), 0),
    ),
  }));
  const most = Math.max(
    1,
    ...Array.from({ length: BUCKETS }, (_, at) => sums.reduce((sum, one) => sum + (one.columns[at] ?? 0), 0)),
  );
  const totals = sums.map(({ name, columns }) => ({ name, total: columns.reduce((sum, count) => sum + count, 0) }));
  return (
    <Panel
      title={t('overview.logs')}
      actions={
        <Link to="/logs" className={styles.more}>
          {t('overview.allLogs', { count: data?.total ?? 0 })}
        </Link>
      }
    >
      {data === undefined && error === null && <Loading />}
      {data === undefined && error !== null && (
        <ErrorNotice title={t('overview.noLogs')} error={error} onRetry={() => void refetch()} />
      )}
      {data?.total === 0 && <p className={styles.calm}>{t('overview.logsEmpty')}</p>}
      {data !== undefined && data.total > 0 && (
        <div className={styles.volume}>
          <svg
            className={styles.bars}
            viewBox={`0 0 ${String(BUCKETS * 4)} ${String(HEIGHT)}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={totals.map(({ name, total }) => t(WORDS[name], { count: total })).join(', ')}
          >
            {sums.map(({ name }, group) => (
              <path
                key={name}
                data-group={name}
                d={barsPath(
                  sums.map(({ columns }) => columns),
                  group,
                  most,
                )}
              />
            ))}
          </svg>
          <ul className={styles.totals}>
            {totals.map(({ name, total }) => (
              <li key={name} data-group={name}>
                <span className={styles.swatch} aria-hidden="true" />
                {t(WORDS[name], { count: format.count(total) })}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  );
}

/** The bars of one group, each standing on those of the groups before it. */
function barsPath(columns: readonly (readonly number[])[], group: number, most: number): string {
  const own = columns[group] ?? [];
  return own
    .map((count, bucket) => {
      if (count === 0) return '';
      const below = columns.slice(0, group).reduce((sum, column) => sum + (column[bucket] ?? 0), 0);
      const bottom = HEIGHT - (below / most) * HEIGHT;
      const height = Math.max(1, (count / most) * HEIGHT);
      return `M${String(bucket * 4)} ${bottom.toFixed(1)}h3v${(-height).toFixed(1)}h-3z`;
    })
    .join('');
}
