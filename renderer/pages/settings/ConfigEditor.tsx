import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { WireProblem } from '../../../shared/contract/procedure.ts';
import { errorText, problemsOf } from '../../api/error-text.ts';
import { useApp } from '../../app/app-context.ts';
import { useWrite } from '../../app/use-write.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import { ProblemList } from './ProblemList.tsx';
import styles from './Settings.module.css';
import { offsetOf } from './text-position.ts';

const CHECK_AFTER_MS = 400;
const LINE_PX = 18;

/** A file of the configuration as text: every problem with its place while it is written, and nothing bad is saved. */
export function ConfigEditor({ path, writable, line }: { path: string; writable: boolean; line?: number }) {
  const t = useText();
  const { api } = useApp();
  const [generation, setGeneration] = useState(0);
  const file = useQuery(api.config.readFile.queryOptions({ input: { path }, staleTime: Infinity, gcTime: 0 }));
  if (file.data === undefined) {
    return file.error === null ? (
      <Loading />
    ) : (
      <ErrorNotice title={t('settings.fileFailed')} error={file.error} onRetry={() => void file.refetch()} />
    );
  }
  return (
    <Editor
      key={generation}
      path={path}
      writable={writable}
      initial={file.data.text}
      line={line ?? null}
      onReadAgain={() => {
        void file.refetch().then(() => {
          setGeneration(generation + 1);
        });
      }}
    />
  );
}

function Editor({
  path,
  writable,
  initial,
  line: openedLine,
  onReadAgain,
}: {
  path: string;
  writable: boolean;
  /** The text as it was read; what is typed stays, whatever is read later. */
  initial: string;
  /** The line to show first. */
  line: number | null;
  onReadAgain: () => void;
}) {
  const t = useText();
  const { api, client, toasts } = useApp();
  const queries = useQueryClient();
  const areaRef = useRef<HTMLTextAreaElement>(null);
  const gutterRef = useRef<HTMLDivElement>(null);
  const [saved, setSaved] = useState(initial);
  const [text, setText] = useState(initial);
  const [failure, setFailure] = useState<unknown>(null);
  const changed = text !== saved;
  const checked = useDebounced(text, CHECK_AFTER_MS);
  const check = useQuery(
    api.config.checkFile.queryOptions({
      input: { path, text: checked },
      staleTime: Infinity,
      enabled: checked !== saved,
    }),
  );
  const save = useWrite(async (next: string) => client.config.saveFile({ path, text: next, previousText: saved }), {
    onSuccess: (_, next) => {
      setSaved(next);
      toasts.show({ tone: 'good', text: t('settings.saved', { path }) });
      void queries.invalidateQueries({ queryKey: api.config.files.key() });
    },
    onError: setFailure,
  });
  useBlocker({
    shouldBlockFn: () => changed && !window.confirm(t('settings.unsaved')),
    enableBeforeUnload: changed,
  });
  const refused = problemsOf(failure);
  const problems = refused.length > 0 ? refused : changed ? (check.data?.problems ?? []) : [];
  const lines = text.split('\n').length;
  const badLines = new Set(problems.map(({ line }) => line));
  const open = ({ line, column }: WireProblem): void => {
    const area = areaRef.current;
    if (area === null || line === null) return;
    const at = offsetOf(text, line, column ?? 1);
    area.focus();
    area.setSelectionRange(at, at);
    area.scrollTop = Math.max(0, (line - 4) * LINE_PX);
  };
  useEffect(() => {
    const area = areaRef.current;
    if (area === null || openedLine === null) return;
    const at = offsetOf(area.value, openedLine, 1);
    area.focus();
    area.setSelectionRange(at, at);
    area.scrollTop = Math.max(0, (openedLine - 4) * LINE_PX);
  }, [openedLine]);
  const store = (): void => {
    setFailure(null);
    if (changed && writable) save.mutate(text);
  };
  return (
    <div className={styles.editor}>
      <div className={styles.text}>
        <div className={styles.gutter} aria-hidden="true">
          <div ref={gutterRef}>
            {Array.from({ length: lines }, (_, index) => (
              <div key={index} data-bad={badLines.has(index + 1)}>
                {index + 1}
              </div>
            ))}
          </div>
        </div>
        <textarea
          ref={areaRef}
          className={styles.area}
          aria-label={t('settings.textOf', { path })}
          aria-invalid={problems.length > 0}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          readOnly={!writable}
          value={text}
          onChange={(event) => {
            setFailure(null);
            setText(event.target.value);
          }}
          onScroll={(event) => {
            if (gutterRef.current !== null) {
              gutterRef.current.style.transform = `translateY(${String(-event.currentTarget.scrollTop)}px)`;
            }
          }}
          onKeyDown={(event) => {
            if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            store();
          }}
        />
      </div>
      <div role="status">
        {failure !== null && refused.length === 0 && <p className={styles.failure}>{errorText(failure, t)}</p>}
        {problems.length > 0 && <ProblemList problems={problems} onOpen={open} />}
        {changed && problems.length === 0 && check.data !== undefined && checked === text && (
          <p className={styles.hint}>{t('settings.noProblems')}</p>
        )}
      </div>
      <div className={styles.editorActions}>
        <Button
          look="primary"
          disabled={!changed || !writable || problems.length > 0 || save.isPending}
          onClick={store}
        >
          {t('settings.save')}
        </Button>
        <Button
          disabled={!changed}
          onClick={() => {
            setText(saved);
            setFailure(null);
          }}
        >
          {t('settings.discard')}
        </Button>
        <Button onClick={onReadAgain} disabled={changed && failure === null}>
          {t('settings.readAgain')}
        </Button>
        {!writable && <span className={styles.hint}>{t('settings.notWritable')}</span>}
      </div>
    </div>
  );
}
