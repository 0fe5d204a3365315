/** What a key press leads to: a binding by its index, a wait for the rest of a sequence, or nothing. */
export type KeyMatch =
  | { readonly kind: 'run'; readonly index: number }
  | { readonly kind: 'wait'; readonly pending: readonly string[] }
  | { readonly kind: 'none' };

const NAMED: Readonly<Record<string, string>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Enter: 'enter',
  Escape: 'esc',
  ' ': 'space',
  Home: 'home',
  End: 'end',
  PageUp: 'pageup',
  PageDown: 'pagedown',
};

/** The fields of a `KeyboardEvent` that matter. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * A key press as bindings write it: `j`, `E` (with Shift), `?`, `enter`, `mod+k` (Ctrl, or ⌘ on a Mac). Empty for
 * presses that no binding uses: modifiers alone, and Alt, which belongs to menus and to typing.
 */
export function strokeOf(press: KeyPress): string {
  if (press.altKey || ['Control', 'Meta', 'Shift', 'Alt', 'Dead', 'Process'].includes(press.key)) return '';
  const name = NAMED[press.key] ?? press.key;
  return press.ctrlKey || press.metaKey ? `mod+${name.toLowerCase()}` : name;
}

/**
 * Decide what a stroke means after the strokes that wait. A sequence that goes nowhere is dropped, and its last stroke
 * counts as a first one.
 *
 * @param bindings  each a sequence separated by spaces: `g o`
 */
export function matchKeys(pending: readonly string[], stroke: string, bindings: readonly string[]): KeyMatch {
  if (stroke === '') return pending.length > 0 ? { kind: 'wait', pending } : { kind: 'none' };
  const typed = [...pending, stroke].join(' ');
  // The last one registered wins: a page may take a key from the frame.
  const index = bindings.lastIndexOf(typed);
  if (index >= 0) return { kind: 'run', index };
  if (bindings.some((binding) => binding.startsWith(`${typed} `)))
    return { kind: 'wait', pending: [...pending, stroke] };
  return pending.length > 0 ? matchKeys([], stroke, bindings) : { kind: 'none' };
}

/** Whether a binding starts with a plain character key, which one switch turns off (WCAG 2.1.4). */
export function isCharacterKey(binding: string): boolean {
  const first = binding.split(' ')[0] ?? '';
  return Array.from(first).length === 1 || first === 'space';
}
