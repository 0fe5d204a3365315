import type { ReactNode } from 'react';
import type { LogLevel } from '../../../shared/contract/logs.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import styles from './Facets.module.css';
import { totalOf, type LogCounts } from './histogram/counts.ts';
import { LEVEL_WORDS, LEVELS } from './levels.ts';
import { LevelShape } from './LevelShape.tsx';

export interface LogSource {
  readonly name: string;
  readonly files: readonly {
    readonly path: string;
    readonly lagBytes: number;
    readonly lines: number;
    readonly lastError: string | null;
  }[];
}

/** What the lines can be narrowed to. A click adds or takes away; with Alt, everything else is shown. */
export function Facets({
  counts,
  levels,
  onLevels,
  sources,
  chosenSources,
  onSources,
}: {
  counts: LogCounts | null;
  levels: readonly LogLevel[];
  onLevels: (levels: readonly LogLevel[]) => void;
  sources: readonly LogSource[];
  chosenSources: readonly string[];
  onSources: (sources: readonly string[]) => void;
}) {
  const t = useText();
  const format = useFormat();
  return (
    <div className={styles.facets} role="group" aria-label={t('logs.filters')}>
      <Group
        title={t('logs.level')}
        onClear={
          levels.length > 0
            ? () => {
                onLevels([]);
              }
            : null
        }
      >
        {LEVELS.map((level) => (
          <Facet
            key={level}
            on={levels.includes(level)}
            count={counts === null ? '' : format.count(totalOf(counts, [level]))}
            level={level}
            onToggle={(others) => {
              onLevels(toggled(LEVELS, levels, level, others));
            }}
          >
            <LevelShape level={level} />
            <span className={styles.name}>{t(LEVEL_WORDS[level])}</span>
          </Facet>
        ))}
      </Group>
      <Group
        title={t('logs.source')}
        onClear={
          chosenSources.length > 0
            ? () => {
                onSources([]);
              }
            : null
        }
      >
        {sources.map(({ name, files }) => {
          const problem = files.find(({ lastError }) => lastError !== null);
          return (
            <Facet
              key={name}
              on={chosenSources.includes(name)}
              count={t('logs.files', { count: files.length })}
              title={[
                name,
                ...files.map(({ path, lastError }) => (lastError === null ? path : `${path}: ${lastError}`)),
              ].join('\n')}
              onToggle={(others) => {
                onSources(
                  toggled(
                    sources.map((source) => source.name),
                    chosenSources,
                    name,
                    others,
                  ),
                );
              }}
            >
              <span className={styles.name}>{name}</span>
              {problem !== undefined && <span className={styles.problem}>{t('logs.sourceProblem')}</span>}
            </Facet>
          );
        })}
      </Group>
    </div>
  );
}

function Group({ title, onClear, children }: { title: string; onClear: (() => void) | null; children: ReactNode }) {
  const t = useText();
  return (
    <section className={styles.group}>
      <header className={styles.header}>
        <h2>{title}</h2>
        {onClear !== null && (
          <button type="button" className={styles.clear} onClick={onClear}>
            {t('common.all')}
          </button>
        )}
      </header>
      {children}
    </section>
  );
}

function Facet({
  on,
  count,
  level,
  title,
  onToggle,
  children,
}: {
  on: boolean;
  count: string;
  level?: LogLevel;
  title?: string;
  onToggle: (others: boolean) => void;
  children: ReactNode;
}) {
  const t = useText();
  return (
    <button
      type="button"
      className={styles.facet}
      aria-pressed={on}
      data-level={level}
      title={title ?? t('logs.facetHint')}
      onClick={(event) => {
        onToggle(event.altKey);
      }}
    >
      <span className={styles.box} aria-hidden="true">
        {on ? '✓' : ''}
      </span>
      {children}
      <span className={styles.count}>{count}</span>
    </button>
  );
}

/** With `others` everything but the one; all chosen is the same as none. */
function toggled<T>(all: readonly T[], chosen: readonly T[], one: T, others: boolean): readonly T[] {
  const next = others
    ? all.filter((entry) => entry !== one)
    : chosen.includes(one)
      ? chosen.filter((entry) => entry !== one)
      : [...chosen, one];
  return next.length === all.length ? [] : next;
}
