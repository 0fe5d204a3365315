import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderText } from '@codemirror/view';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useApp } from '../app/app-context.ts';
import { useDataSource } from '../chart/data-source.ts';
import { createCompletionClient } from './completion-client.ts';
import { offsetIn } from './offset-in.ts';
import type { PromqlEditorProps } from './promql-editor-props.ts';
import { promqlLook } from './promql-look.ts';

/**
 * An editor for PromQL, with the completion that Prometheus has. It lives in a shadow root, because there its styles are
 * constructed sheets; a `<style>` element would be refused by the content security policy.
 */
export default function PromqlEditor(props: PromqlEditorProps) {
  const { ref, label, placeholder, value, focusRef, problem, onChange, onRun } = props;
  const { client } = useApp();
  const { source } = useDataSource();
  const hostRef = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
  const [attributes] = useState(() => new Compartment());
  const [fromOutside] = useState(() => Annotation.define<boolean>());
  /** Texts that were handed out and have not come back yet. */
  const sent = useRef<string[]>([]);
  const latest = useRef({ onChange, onRun, value });
  useEffect(() => {
    latest.current = { onChange, onRun, value };
  });

  useEffect(() => {
    const host = hostRef.current;
    if (host === null) return;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const remote = createCompletionClient(client, source === undefined ? {} : { source });
    const promql = new PromQLExtension().activateLinter(true).setComplete({ remote });
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false }),
          EditorView.lineWrapping,
          promql.asExtension(),
          promqlLook(),
          attributes.of([]),
          Prec.highest(
            keymap.of(
              ['Shift-Enter', 'Mod-Enter'].map((key) => ({
                key,
                run: (target) => {
                  latest.current.onRun(target.state.doc.toString());
                  return true;
                },
              })),
            ),
          ),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((one) => one.annotation(fromOutside) === true)) return;
            const text = update.state.doc.toString();
            sent.current.push(text);
            latest.current.onChange(text);
          }),
        ],
      }),
    });
    // Keys that go into the text must not reach the shortcuts of the page, which see only the host.
    const keep = (event: KeyboardEvent): void => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    };
    host.addEventListener('keydown', keep);
    if (focusRef.current) {
      made.focus();
      made.dispatch({ selection: { anchor: made.state.doc.length } });
    }
    setView(made);
    return () => {
      host.removeEventListener('keydown', keep);
      made.destroy();
      promql.destroy();
    };
  }, [client, source, attributes, focusRef, fromOutside]);

  useEffect(() => {
    view?.dispatch({
      effects: attributes.reconfigure([
        EditorView.contentAttributes.of({ 'aria-label': label }),
        placeholderText(placeholder),
      ]),
    });
  }, [view, attributes, label, placeholder]);
  useEffect(() => {
    if (view === null) return;
    // What was typed comes back one render later, when more may have been typed: only another text is an order.
    const own = sent.current.indexOf(value);
    sent.current.splice(0, own + 1);
    if (own >= 0 || view.state.doc.toString() === value) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: value },
      annotations: fromOutside.of(true),
    });
  }, [view, value, fromOutside]);
  useEffect(() => {
    if (view === null) return;
    const from = problem === null ? 0 : offsetIn(view.state.doc.toString(), problem.line, problem.column);
    const to = Math.min(view.state.doc.length, from + 1);
    view.dispatch(
      setDiagnostics(
        view.state,
        problem === null ? [] : [{ from: Math.max(0, to - 1), to, severity: 'error', message: problem.message }],
      ),
    );
  }, [view, problem]);
  useImperativeHandle(
    ref,
    () => ({
      focus: () => view?.focus(),
      insert: (text) => {
        if (view === null) return;
        view.dispatch(view.state.replaceSelection(text));
        view.focus();
      },
    }),
    [view],
  );
  return <div ref={hostRef} data-editor="promql" />;
}
