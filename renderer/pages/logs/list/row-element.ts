import type { LogEntry, LogLevel } from '../../../../shared/contract/logs.ts';
import { LEVEL_SHAPES } from '../levels.ts';
import type { Highlighter } from '../query/highlighter.ts';
import { rowText, rowTime, withoutHead, wrappedText } from './display-text.ts';
import styles from './LogList.module.css';

/** How all rows of a list are shown at the moment; a new object when anything of it changes. */
export interface RowLook {
  readonly wrap: boolean;
  readonly withDate: boolean;
  readonly highlight: Highlighter;
  readonly levelWord: (level: LogLevel) => string;
}

/** What a row stands for. */
export interface RowContent {
  /** Place in the whole result, from 0. */
  readonly index: number;
  /** Undefined while the line is on its way. */
  readonly entry: LogEntry | undefined;
  readonly selected: boolean;
  readonly marked: boolean;
}

const SVG = 'http://www.w3.org/2000/svg';

/** One row of the log list: made once, filled many times. */
export class RowElement {
  readonly element = document.createElement('div');
  #content: RowContent | null = null;
  #look: RowLook | null = null;
  readonly #time = cell(styles.time);
  readonly #level = cell(styles.level);
  readonly #source = cell(styles.source);
  readonly #text = cell(styles.text);
  readonly #shape = document.createElementNS(SVG, 'path');
  readonly #word = document.createElement('span');

  constructor() {
    this.element.className = styles.row ?? '';
    this.element.setAttribute('role', 'row');
    const svg = document.createElementNS(SVG, 'svg');
    for (const [name, value] of [
      ['viewBox', '0 0 12 12'],
      ['width', '9'],
      ['height', '9'],
      ['aria-hidden', 'true'],
    ] as const) {
      svg.setAttribute(name, value);
    }
    this.#shape.setAttribute('fill-rule', 'evenodd');
    svg.append(this.#shape);
    this.#level.append(svg, this.#word);
    this.element.append(this.#time, this.#level, this.#source, this.#text);
  }

  get content(): RowContent | null {
    return this.#content;
  }

  /** Show a line; touches the page only where something differs. */
  fill(content: RowContent, look: RowLook, id: string): void {
    const old = this.#content;
    const sameLook = look === this.#look;
    this.#content = content;
    this.#look = look;
    if (old?.index !== content.index) {
      this.element.id = id;
      // Rows count from 1, and the first is the heading.
      this.element.ariaRowIndex = String(content.index + 2);
    }
    if (old?.selected !== content.selected) this.element.ariaSelected = String(content.selected);
    if (old?.marked !== content.marked) this.element.dataset['marked'] = String(content.marked);
    if (old !== null && old.entry === content.entry && sameLook) return;
    this.#fillEntry(content.entry, look);
  }

  #fillEntry(entry: LogEntry | undefined, look: RowLook): void {
    if (entry === undefined) {
      this.element.dataset['level'] = 'none';
      this.#shape.setAttribute('d', '');
      this.#word.textContent = '';
      this.#time.textContent = '';
      this.#source.textContent = '';
      this.#text.textContent = '…';
      return;
    }
    if (this.element.dataset['level'] !== entry.level) {
      this.element.dataset['level'] = entry.level;
      this.#shape.setAttribute('d', LEVEL_SHAPES[entry.level]);
    }
    this.#word.textContent = look.levelWord(entry.level);
    this.#time.textContent = rowTime(entry.at, look.withDate);
    this.#source.textContent = entry.source;
    this.#source.title = entry.source;
    const text = withoutHead(entry.text, entry.level);
    fillMarked(this.#text, look.wrap ? wrappedText(text) : rowText(text), look.highlight);
  }
}

/** A text with its marked parts as `<mark>`. */
export function fillMarked(element: HTMLElement, text: string, highlight: Highlighter): void {
  const ranges = highlight(text);
  if (ranges.length === 0) {
    element.textContent = text;
    return;
  }
  const parts: (string | HTMLElement)[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    const mark = document.createElement('mark');
    mark.textContent = text.slice(start, end);
    parts.push(text.slice(at, start), mark);
    at = end;
  }
  element.replaceChildren(...parts, text.slice(at));
}

function cell(className: string | undefined): HTMLElement {
  const element = document.createElement('span');
  element.className = className ?? '';
  element.setAttribute('role', 'gridcell');
  return element;
}
