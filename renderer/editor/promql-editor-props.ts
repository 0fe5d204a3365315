import type { Ref, RefObject } from 'react';

export interface PromqlEditorHandle {
  readonly focus: () => void;
  /** Put a text in place of the selection. */
  readonly insert: (text: string) => void;
}

export interface PromqlEditorProps {
  readonly ref?: Ref<PromqlEditorHandle>;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  /** Whether the field that stood here before had the focus; it is taken over. */
  readonly focusRef: RefObject<boolean>;
  /** What is wrong with what was run, 1-based. The same object from render to render. */
  readonly problem: { readonly line: number; readonly column: number; readonly message: string } | null;
  readonly onChange: (value: string) => void;
  /** Shift+Enter or Ctrl+Enter; with the text, which the page may not have drawn yet. */
  readonly onRun: (value: string) => void;
}
