import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The editor in the colours of the interface; the tokens reach into its shadow root. */
export function promqlLook(): Extension {
  return [
    syntaxHighlighting(
      HighlightStyle.define([
        { tag: tags.keyword, color: 'var(--maintenance)' },
        { tag: [tags.function(tags.variableName), tags.operatorKeyword, tags.modifier], color: 'var(--maintenance)' },
        { tag: [tags.string, tags.special(tags.string)], color: 'var(--up)' },
        { tag: tags.number, color: 'var(--degraded)' },
        { tag: tags.labelName, color: 'var(--accent)' },
        { tag: [tags.comment, tags.lineComment], color: 'var(--muted)', fontStyle: 'italic' },
        { tag: tags.operator, color: 'var(--muted)' },
        { tag: tags.invalid, color: 'var(--down)' },
      ]),
    ),
    EditorView.theme({
      '&': { background: 'var(--surface)', color: 'var(--text)', fontSize: '12px', borderRadius: '4px' },
      '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-1px' },
      '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', maxHeight: '160px', overflow: 'auto' },
      '.cm-content': { padding: '4px 0', caretColor: 'var(--text)' },
      '.cm-line': { padding: '0 8px' },
      '.cm-cursor': { borderLeftColor: 'var(--text)' },
      '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection': {
        background: 'color-mix(in srgb, var(--accent) 28%, transparent)',
      },
      '.cm-placeholder': { color: 'var(--muted)' },
      '.cm-matchingBracket': { background: 'var(--hover)', outline: '1px solid var(--border-strong)' },
      '.cm-tooltip': {
        border: '1px solid var(--border)',
        borderRadius: '6px',
        background: 'var(--raised)',
        color: 'var(--text)',
        boxShadow: 'var(--shadow)',
      },
      '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '260px' },
      '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', lineHeight: '18px' },
      '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--selected)', color: 'var(--text)' },
      '.cm-completionMatchedText': { color: 'var(--accent)', textDecoration: 'none', fontWeight: '600' },
      '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal', marginLeft: '12px' },
      '.cm-completionIcon': { display: 'none' },
      '.cm-completionInfo': { padding: '6px 10px', maxWidth: '320px', whiteSpace: 'pre-wrap' },
      '.cm-diagnostic': { padding: '4px 8px', borderLeft: '3px solid var(--down)' },
      '.cm-lintRange-error': {
        backgroundImage: 'none',
        textDecoration: 'underline wavy var(--down)',
        textUnderlineOffset: '3px',
      },
    }),
  ];
}
