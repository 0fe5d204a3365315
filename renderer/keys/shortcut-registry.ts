import type { MessageKey } from '../i18n/en.ts';
import { isCharacterKey, matchKeys, strokeOf } from './match-keys.ts';

export type ShortcutGroup = 'keys.groupGlobal' | 'keys.groupTime' | 'keys.groupList' | 'keys.groupPage';

export interface Shortcut {
  /** Names the action, so that another key can be put on it. */
  readonly id: string;
  /** The strokes, separated by spaces; see `strokeOf`. */
  readonly keys: string;
  readonly label: MessageKey;
  readonly group: ShortcutGroup;
  readonly run: () => void;
  /** Whether it applies now; a shortcut that does not lets the key through. */
  readonly when?: () => boolean;
}

/** A sequence that is not finished within this time is forgotten. */
const SEQUENCE_MS = 1200;

/** The shortcuts that apply at the moment, in the order in which their components came into view. */
export class ShortcutRegistry {
  #singleKeys = true;
  #shortcuts: readonly Shortcut[] = [];
  #pending: readonly string[] = [];
  #pendingSince = 0;
  readonly #listeners = new Set<() => void>();

  /** @returns takes them away again */
  add(shortcuts: readonly Shortcut[]): () => void {
    this.#set([...this.#shortcuts, ...shortcuts]);
    return () => {
      this.#set(this.#shortcuts.filter((shortcut) => !shortcuts.includes(shortcut)));
    };
  }

  /** Switch the keys of a single character on or off. */
  setSingleKeys(on: boolean): void {
    this.#singleKeys = on;
  }

  list = (): readonly Shortcut[] => this.#shortcuts;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Handle a key press of the window; nothing fires while a person types, chords with Ctrl or ⌘ excepted. */
  handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const stroke = strokeOf(event);
    if (isTyping(event.target) && !stroke.startsWith('mod+')) return;
    if (keepsKey(event.target, stroke)) return;
    const usable = this.#shortcuts.filter(
      (shortcut) => (this.#singleKeys || !isCharacterKey(shortcut.keys)) && (shortcut.when?.() ?? true),
    );
    const pending = event.timeStamp - this.#pendingSince < SEQUENCE_MS ? this.#pending : [];
    const match = matchKeys(
      pending,
      stroke,
      usable.map((shortcut) => shortcut.keys),
    );
    this.#pending = match.kind === 'wait' ? match.pending : [];
    this.#pendingSince = event.timeStamp;
    if (match.kind === 'none') return;
    event.preventDefault();
    if (match.kind === 'run') usable[match.index]?.run();
  };

  #set(shortcuts: readonly Shortcut[]): void {
    this.#shortcuts = shortcuts;
    for (const listener of this.#listeners) listener();
  }
}

/** Whether the keys go into a text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}

/** Enter and Space belong to the control that has the focus; inside a dialog every plain key does. */
function keepsKey(target: EventTarget | null, stroke: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('dialog,[role="menu"],[role="listbox"]') !== null) return !stroke.startsWith('mod+');
  if (stroke !== 'enter' && stroke !== 'space') return false;
  return target.closest('button,a,summary,[role="button"],[role="switch"],[role="tab"],input') !== null;
}
