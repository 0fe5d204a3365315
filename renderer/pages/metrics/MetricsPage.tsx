import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChartLine, ListTree, Play, Plus, Table2 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { Page } from '../../app/Page.tsx';
import { useMedia } from '../../app/Appearance.tsx';
import type { PromqlEditorHandle } from '../../editor/promql-editor-props.ts';
import { useText } from '../../i18n/use-text.ts';
import { useShortcuts } from '../../keys/use-shortcuts.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useElementWidth } from '../../ui/use-element-width.ts';
import { DataSourceContext } from '../../chart/data-source.ts';
import { DataSourceChoice } from './DataSourceChoice.tsx';
import { ExpressionRow } from './ExpressionRow.tsx';
import { ExpressionsChart } from './ExpressionsChart.tsx';
import { InstantTable } from './InstantTable.tsx';
import { MetricBrowser } from './MetricBrowser.tsx';
import styles from './Metrics.module.css';
import { expressionsOf, metricsRoute } from './route.ts';
import { useKeptExpressions } from './use-kept-expressions.ts';

const MOST_ROWS = 8;

/** A row as it is written. `ran` is what the address has for it. */
interface Row {
  readonly id: number;
  readonly draft: string;
}

/** Ask the history anything: expressions of PromQL, drawn together or as a table. */
export function MetricsPage() {
  const t = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: metricsRoute.id });
  const address = JSON.stringify(expressionsOf(search));
  const ran = useMemo(() => JSON.parse(address) as readonly string[], [address]);
  const [rows, setRows] = useState<readonly Row[]>(() => rowsOf(ran));
  const [known, setKnown] = useState(address);
  if (known !== address) {
    // Another address: a link, the way back. What was run from here is in the rows already.
    setKnown(address);
    const written = JSON.stringify(rows.map(({ draft }) => draft.trim()).filter((draft) => draft !== ''));
    if (written !== address) setRows(rowsOf(ran));
  }
  const { kept, onRan, onStar } = useKeptExpressions();
  const narrow = useMedia('(max-width: 899px)');
  const [browserOpen, setBrowserOpen] = useState(!narrow);
  const editors = useRef(new Map<number, PromqlEditorHandle>());
  const [active, setActive] = useState(0);
  const [box, setBox] = useState<HTMLElement | null>(null);
  const width = useElementWidth(box);
  const maxPoints = Math.max(100, Math.ceil(width / 200) * 200);
  const view = search.view ?? 'chart';

  const run = (next: readonly Row[]): void => {
    const expressions = next.map(({ draft }) => draft.trim()).filter((draft) => draft !== '');
    onRan(expressions);
    const expr = expressions.length > 1 ? expressions : expressions[0];
    void navigate({ to: '.', search: (old: object) => ({ ...old, expr }) as never });
  };
  const change = (id: number, draft: string): readonly Row[] => {
    const next = rows.map((row) => (row.id === id ? { ...row, draft } : row));
    setRows(next);
    return next;
  };
  const show = (next: 'chart' | 'table'): void => {
    const value = next === 'table' ? 'table' : undefined;
    void navigate({ to: '.', replace: true, search: (old: object) => ({ ...old, view: value }) as never });
  };
  useShortcuts([
    {
      id: 'metrics.edit',
      keys: '/',
      label: 'keys.editExpression',
      group: 'keys.groupPage',
      run: () => editors.current.get(rows[0]?.id ?? 0)?.focus(),
    },
  ]);
  const letterOf = (index: number): string => String.fromCharCode(65 + index);
  const ranOf = (row: Row, index: number): string | null => {
    const draft = row.draft.trim();
    // Empty rows are not in the address, so places are counted without them.
    const place = rows.slice(0, index).filter((other) => other.draft.trim() !== '').length;
    return ran.includes(draft) ? draft : (ran[place] ?? null);
  };
  const choose = (name: string): void => {
    const value = name === '' ? undefined : name;
    void navigate({ to: '.', search: (old: object) => ({ ...old, source: value }) as never });
  };
  return (
    <DataSourceContext value={search.source ?? null}>
      <Page title={t('nav.metrics')} scroll={false}>
        <div className={styles.layout}>
          {browserOpen && (
            <MetricBrowser
              onChoose={(name) => {
                const row = rows.find(({ id }) => id === active) ?? rows[0];
                if (row === undefined) return;
                const editor = editors.current.get(row.id);
                if (row.draft.trim() === '' || editor === undefined) run(change(row.id, name));
                else editor.insert(name);
              }}
            />
          )}
          <div className={styles.main}>
            <div className={styles.rows}>
              {rows.map((row, index) => (
                <div
                  key={row.id}
                  onFocus={() => {
                    setActive(row.id);
                  }}
                >
                  <ExpressionRow
                    ref={(handle) => {
                      if (handle === null) editors.current.delete(row.id);
                      else editors.current.set(row.id, handle);
                    }}
                    letter={letterOf(index)}
                    draft={row.draft}
                    ran={ranOf(row, index)}
                    maxPoints={maxPoints}
                    kept={kept}
                    onDraft={(draft) => {
                      change(row.id, draft);
                    }}
                    onRun={(text) => {
                      run(change(row.id, text));
                    }}
                    onStar={() => {
                      onStar(row.draft);
                    }}
                    onChoose={(expression) => {
                      run(change(row.id, expression));
                    }}
                    onRemove={
                      rows.length === 1
                        ? null
                        : () => {
                            const next = rows.filter(({ id }) => id !== row.id);
                            setRows(next);
                            run(next);
                          }
                    }
                  />
                </div>
              ))}
            </div>
            <div className={styles.tools}>
              <IconButton
                label={t('metrics.browser')}
                icon={<ListTree size={16} />}
                pressed={browserOpen}
                onClick={() => {
                  setBrowserOpen(!browserOpen);
                }}
              />
              <Button
                look="primary"
                icon={<Play size={14} aria-hidden="true" />}
                title="Shift+Enter"
                onClick={() => {
                  run(rows);
                }}
              >
                {t('metrics.run')}
              </Button>
              <Button
                icon={<Plus size={14} aria-hidden="true" />}
                disabled={rows.length >= MOST_ROWS}
                onClick={() => {
                  setRows([...rows, { id: Math.max(...rows.map(({ id }) => id)) + 1, draft: '' }]);
                }}
              >
                {t('metrics.add')}
              </Button>
              <DataSourceChoice chosen={search.source ?? ''} onChoose={choose} />
              <span className={styles.space} />
              <div role="group" aria-label={t('metrics.view')} className={styles.views}>
                <Button
                  icon={<ChartLine size={14} aria-hidden="true" />}
                  pressed={view === 'chart'}
                  onClick={() => {
                    show('chart');
                  }}
                >
                  {t('metrics.chart')}
                </Button>
                <Button
                  icon={<Table2 size={14} aria-hidden="true" />}
                  pressed={view === 'table'}
                  onClick={() => {
                    show('table');
                  }}
                >
                  {t('metrics.table')}
                </Button>
              </div>
            </div>
            <div ref={setBox} className={styles.result} tabIndex={0} role="region" aria-label={t('metrics.result')}>
              {ran.length === 0 && <Notice title={t('metrics.start')}>{t('metrics.startText')}</Notice>}
              {ran.length > 0 && view === 'chart' && width > 0 && (
                <ExpressionsChart expressions={ran} maxPoints={maxPoints} />
              )}
              {view === 'table' &&
                ran.map((expr, index) => (
                  <InstantTable key={`${letterOf(index)} ${expr}`} letter={letterOf(index)} expr={expr} />
                ))}
            </div>
          </div>
        </div>
      </Page>
    </DataSourceContext>
  );
}

function rowsOf(expressions: readonly string[]): readonly Row[] {
  return (expressions.length === 0 ? [''] : expressions.slice(0, MOST_ROWS)).map((draft, id) => ({ id, draft }));
}
