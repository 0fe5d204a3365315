import { History, Star, Trash2 } from 'lucide-react';
import { lazy, Suspense, useMemo, useRef, useState, type Ref, type RefObject } from 'react';
import { formatLabels, labelsFromRecord } from '../../../shared/model/labels.ts';
import { errorText, expressionPlace } from '../../api/error-text.ts';
import { useRangeQuery } from '../../chart/use-range-query.ts';
import type { PromqlEditorHandle } from '../../editor/promql-editor-props.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Popover } from '../../ui/Popover.tsx';
import type { KeptExpressions } from './kept-expressions.ts';
import styles from './Metrics.module.css';
import { Suggestions } from './Suggestions.tsx';

const PromqlEditor = lazy(async () => import('../../editor/PromqlEditor.tsx'));

/** An expression: its text, and how its last run went. */
export function ExpressionRow({
  ref,
  letter,
  draft,
  ran,
  maxPoints,
  kept,
  onDraft,
  onRun,
  onStar,
  onChoose,
  onRemove,
}: {
  ref: Ref<PromqlEditorHandle>;
  letter: string;
  draft: string;
  /** What was run last; null before the first time. */
  ran: string | null;
  maxPoints: number;
  kept: KeptExpressions;
  onDraft: (text: string) => void;
  onRun: (text: string) => void;
  onStar: () => void;
  /** Put another expression here and run it. */
  onChoose: (text: string) => void;
  onRemove: (() => void) | null;
}) {
  const t = useText();
  // Who typed while the editor was on its way goes on in it.
  const focusRef = useRef(false);
  const isStarred = kept.stars.includes(draft.trim());
  return (
    <div className={styles.row}>
      <span className={styles.letter} aria-hidden="true">
        {letter}
      </span>
      <div className={styles.rowMain}>
        <div className={styles.editorLine}>
          <div className={styles.editor}>
            <Suspense fallback={<Fallback {...{ letter, draft, onDraft, onRun, focusRef }} />}>
              <Editor ref={ref} {...{ letter, draft, ran, maxPoints, onDraft, onRun, focusRef }} />
            </Suspense>
          </div>
          <IconButton
            label={t(isStarred ? 'metrics.unstar' : 'metrics.star')}
            icon={<Star size={14} fill={isStarred ? 'currentColor' : 'none'} />}
            pressed={isStarred}
            disabled={draft.trim() === ''}
            onClick={onStar}
          />
          <KeptMenu kept={kept} onChoose={onChoose} />
          {onRemove !== null && (
            <IconButton label={t('metrics.remove', { letter })} icon={<Trash2 size={14} />} onClick={onRemove} />
          )}
        </div>
        {ran !== null && <Outcome ran={ran} draft={draft} maxPoints={maxPoints} onChoose={onChoose} />}
      </div>
    </div>
  );
}

interface EditorProps {
  readonly letter: string;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  readonly onRun: (text: string) => void;
  readonly focusRef: RefObject<boolean>;
}

function Editor({
  ref,
  letter,
  draft,
  ran,
  maxPoints,
  onDraft,
  onRun,
  focusRef,
}: EditorProps & { ref: Ref<PromqlEditorHandle>; ran: string | null; maxPoints: number }) {
  const t = useText();
  const { state } = useRangeQuery(ran ?? '', { maxPoints, enabled: ran !== null });
  const error = state.kind === 'error' && draft === ran ? state.error : null;
  const problem = useMemo(() => {
    const place = expressionPlace(error);
    return place === null || !(error instanceof Error) ? null : { ...place, message: error.message };
  }, [error]);
  return (
    <PromqlEditor
      ref={ref}
      label={t('metrics.expression', { letter })}
      placeholder={t('metrics.placeholder')}
      value={draft}
      focusRef={focusRef}
      problem={problem}
      onChange={onDraft}
      onRun={onRun}
    />
  );
}

/** A plain field until the editor is loaded, so that typing need not wait for it. */
function Fallback({ letter, draft, onDraft, onRun, focusRef }: EditorProps) {
  const t = useText();
  return (
    <input
      className={styles.plain}
      aria-label={t('metrics.expression', { letter })}
      placeholder={t('metrics.placeholder')}
      spellCheck={false}
      value={draft}
      onFocus={() => {
        focusRef.current = true;
      }}
      onBlur={(event) => {
        // Without another element it is the field itself that goes.
        if (event.relatedTarget !== null) focusRef.current = false;
      }}
      onChange={(event) => {
        onDraft(event.target.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onRun(event.currentTarget.value);
      }}
    />
  );
}

/** How the last run went: series, warnings, or what is wrong and where. */
function Outcome({
  ran,
  draft,
  maxPoints,
  onChoose,
}: {
  ran: string;
  draft: string;
  maxPoints: number;
  onChoose: (text: string) => void;
}) {
  const t = useText();
  const format = useFormat();
  const { state, series, totalSeries, warnings } = useRangeQuery(ran, { maxPoints });
  if (state.kind === 'error') {
    const place = expressionPlace(state.error);
    const line = place === null ? undefined : ran.split('\n')[place.line - 1];
    return (
      <div className={styles.problem} role="alert">
        <p>{errorText(state.error, t)}</p>
        {place !== null && line !== undefined && <pre aria-hidden="true">{caretUnder(line, place)}</pre>}
      </div>
    );
  }
  return (
    <div className={styles.outcome}>
      {state.kind === 'ready' &&
        (totalSeries > series.length
          ? t('chart.someSeries', { shown: format.count(series.length), total: format.count(totalSeries) })
          : t('metrics.series', { count: series.length }))}
      {series.length === 1 && (
        <code className={styles.only}>{formatLabels(labelsFromRecord(series[0]?.labels ?? {}))}</code>
      )}
      {draft.trim() !== ran.trim() && <span className={styles.changed}>{t('metrics.changed')}</span>}
      {warnings.map((warning) => (
        <p key={warning} className={styles.warning}>
          {warning}
        </p>
      ))}
      {state.kind === 'empty' && <Suggestions expr={ran} onChoose={onChoose} />}
    </div>
  );
}

/** The line with its place before it, and a caret under what is wrong. */
function caretUnder(line: string, place: { readonly line: number; readonly column: number }): string {
  const head = `${String(place.line)}:${String(place.column)}  `;
  return `${head}${line}\n${' '.repeat(head.length + Math.max(0, place.column - 1))}^`;
}

function KeptMenu({ kept, onChoose }: { kept: KeptExpressions; onChoose: (text: string) => void }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const listRef = useRef<HTMLDivElement>(null);
  const lists = [
    { title: t('metrics.stars'), expressions: kept.stars },
    { title: t('metrics.history'), expressions: kept.history },
  ];
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t('metrics.kept')}
      trigger={<IconButton label={t('metrics.kept')} icon={<History size={14} />} />}
    >
      <div ref={listRef} className={styles.kept}>
        {lists.map(({ title, expressions }) => (
          <section key={title}>
            <h3>{title}</h3>
            {expressions.length === 0 && <p className="muted">{t('common.none')}</p>}
            <ul>
              {expressions.slice(0, 20).map((expression) => (
                <li key={expression}>
                  <button
                    type="button"
                    title={expression}
                    onClick={() => {
                      setOpen(false);
                      onChoose(expression);
                    }}
                  >
                    {expression}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Popover>
  );
}
