import type { LogEntry } from '../../../../shared/contract/logs.ts';
import { EMPTY_WINDOW, indexOfEntry, type LogWindow } from './log-window.ts';
import { RowElement, type RowLook } from './row-element.ts';
import { contentHeight, isScaled, lastTop, scrollOfTop, topOfScroll, topToShow, type ListSize } from './thumb.ts';

export interface LogViewParts {
  /** The element that scrolls and has the focus. */
  readonly scroller: HTMLElement;
  /** Stays in view; holds the rows. */
  readonly layer: HTMLElement;
  readonly rows: HTMLElement;
  /** As tall as everything that could be scrolled to. */
  readonly spacer: HTMLElement;
}

export interface LogViewEvents {
  /** The lines that are in view, by their place in the whole result. */
  readonly onVisible: (first: number, last: number) => void;
  /** Whether the view stands at the end and goes along with it. */
  readonly onFollow: (following: boolean) => void;
  readonly onSelect: (entry: LogEntry, open: boolean) => void;
}

/**
 * The log list. Its position is a line and a share of it (`top`); scroll position, wheel and keys only change that. So a
 * million lines can be reached although no element can be that tall, and only the rows in view exist.
 */
export class LogView {
  readonly #parts: LogViewParts;
  readonly #events: LogViewEvents;
  readonly #rowHeight: () => number;
  #pool: RowElement[] = [];
  #first = 0;
  #window: LogWindow = EMPTY_WINDOW;
  #session = -1;
  #look: RowLook;
  #selected: string | null = null;
  #marked: ReadonlySet<string> = new Set();
  #top = 0;
  #following = true;
  #setScroll = -1;
  #frame = 0;
  #size: ListSize = { total: 0, rowHeight: 20, viewHeight: 0 };
  readonly #abort = new AbortController();
  readonly #resized: ResizeObserver;

  constructor(parts: LogViewParts, look: RowLook, rowHeight: () => number, events: LogViewEvents) {
    this.#parts = parts;
    this.#look = look;
    this.#rowHeight = rowHeight;
    this.#events = events;
    const { signal } = this.#abort;
    parts.scroller.addEventListener('scroll', this.#onScroll, { signal, passive: true });
    parts.scroller.addEventListener('wheel', this.#onWheel, { signal, passive: false });
    parts.scroller.addEventListener('keydown', this.#onKey, { signal });
    parts.rows.addEventListener('click', this.#onClick, { signal });
    this.#resized = new ResizeObserver(this.#request);
    this.#resized.observe(parts.scroller);
  }

  dispose(): void {
    this.#abort.abort();
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#parts.rows.replaceChildren();
  }

  /**
   * @param session  another number for another search: the view starts anew, at the end or at `anchor`
   * @param anchor   place of a line to show in the middle
   */
  setWindow(window: LogWindow, session: number, anchor: number | null): void {
    const isNew = session !== this.#session;
    if (!isNew) this.#top += window.shift - this.#window.shift;
    this.#window = window;
    this.#session = session;
    this.#measure();
    if (isNew) {
      this.#top = anchor === null ? lastTop(this.#size) : anchor - this.#size.viewHeight / this.#size.rowHeight / 2;
      this.#setFollowing(anchor === null && window.newerCursor === null);
    }
    if (this.#following) this.#top = lastTop(this.#size);
    this.#request();
  }

  setLook(look: RowLook): void {
    this.#look = look;
    this.#request();
  }

  setSelected(id: string | null): void {
    this.#selected = id;
    this.#request();
  }

  setMarked(marked: ReadonlySet<string>): void {
    this.#marked = marked;
    this.#request();
  }

  /** The line that keys act on: the selected one if it is held, else the first or the last in view. */
  current(direction: 'backward' | 'forward'): number {
    const index = this.#selected === null ? -1 : indexOfEntry(this.#window, this.#selected);
    if (index >= 0) return index;
    const rows = Math.floor(this.#size.viewHeight / this.#size.rowHeight);
    return direction === 'forward' ? Math.ceil(this.#top) - 1 : Math.floor(this.#top) + rows;
  }

  /** Select the line that is `step` lines away and bring it into view. */
  move(step: number): void {
    const from = this.current(step > 0 ? 'forward' : 'backward');
    const { base, entries } = this.#window;
    const index = Math.min(base + entries.length - 1, Math.max(base, from + step));
    const entry = entries[index - base];
    if (entry === undefined) return;
    this.showIndex(index);
    this.#events.onSelect(entry, false);
  }

  showIndex(index: number): void {
    this.#moveTo(topToShow(this.#size, this.#top, index));
  }

  /** Put a line near the middle. */
  centreIndex(index: number): void {
    this.#moveTo(index - this.#size.viewHeight / this.#size.rowHeight / 2);
  }

  toStart(): void {
    this.#moveTo(0);
  }

  toEnd(): void {
    this.#moveTo(lastTop(this.#size));
  }

  #moveTo(top: number): void {
    this.#measure();
    this.#top = this.#clamp(top);
    this.#setFollowing(this.#isAtEnd());
    this.#request();
  }

  #clamp(top: number): number {
    // Wrapped rows are taller than one row, so the last lines may need to stand further up.
    const last = this.#look.wrap ? Math.max(0, this.#size.total - 1) : lastTop(this.#size);
    return Math.min(Math.max(0, top), last);
  }

  #isAtEnd(): boolean {
    return this.#window.newerCursor === null && this.#top >= lastTop(this.#size) - 0.5;
  }

  #setFollowing(following: boolean): void {
    if (following === this.#following) return;
    this.#following = following;
    this.#events.onFollow(following);
  }

  #measure(): void {
    this.#size = {
      total: this.#window.total,
      rowHeight: this.#rowHeight(),
      viewHeight: this.#parts.scroller.clientHeight,
    };
  }

  readonly #request = (): void => {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#render);
  };

  readonly #onScroll = (): void => {
    const { scrollTop } = this.#parts.scroller;
    // What this view has set itself comes back as an event.
    if (Math.abs(scrollTop - this.#setScroll) <= 1) return;
    this.#setScroll = -1;
    this.#top = topOfScroll(this.#size, scrollTop);
    this.#setFollowing(this.#isAtEnd());
    this.#request();
  };

  readonly #onWheel = (event: WheelEvent): void => {
    if (event.deltaY < 0) this.#setFollowing(false);
    if (event.ctrlKey || !(isScaled(this.#size) || this.#look.wrap)) return;
    event.preventDefault();
    const { rowHeight, viewHeight } = this.#size;
    const unit = event.deltaMode === 1 ? rowHeight : event.deltaMode === 2 ? viewHeight : 1;
    this.#moveTo(this.#top + (event.deltaY * unit) / rowHeight);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#size.viewHeight / this.#size.rowHeight) - 1);
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => {
        this.move(1);
      },
      ArrowUp: () => {
        this.move(-1);
      },
      PageDown: () => {
        this.#moveTo(this.#top + page);
      },
      PageUp: () => {
        this.#moveTo(this.#top - page);
      },
      Enter: () => {
        const entry = this.#window.entries[this.current('forward') - this.#window.base];
        if (entry !== undefined) this.#events.onSelect(entry, true);
      },
    };
    const run = keys[event.key];
    if (run === undefined) return;
    event.preventDefault();
    run();
  };

  readonly #onClick = (event: MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest('[role="row"]') : null;
    const entry = this.#pool.find(({ element }) => element === row)?.content?.entry;
    // Who drags over a text wants to copy it.
    if (entry === undefined || window.getSelection()?.isCollapsed === false) return;
    this.#events.onSelect(entry, true);
  };

  readonly #render = (): void => {
    this.#frame = 0;
    this.#measure();
    const size = this.#size;
    if (size.viewHeight === 0) return;
    this.#top = this.#following ? lastTop(size) : this.#clamp(this.#top);
    const { scroller, layer, spacer } = this.#parts;
    layer.style.height = `${String(size.viewHeight)}px`;
    spacer.style.height = `${String(contentHeight(size) - size.viewHeight)}px`;
    const scrollTop = scrollOfTop(size, this.#top);
    if (Math.abs(scroller.scrollTop - scrollTop) > 1) {
      scroller.scrollTop = scrollTop;
      this.#setScroll = scroller.scrollTop;
    }
    scroller.ariaRowCount = String(size.total + 1);
    const first = Math.floor(this.#top);
    const count = Math.max(0, Math.min(Math.ceil(size.viewHeight / size.rowHeight) + 1, size.total - first));
    this.#fill(first, count);
    this.#place(first);
    this.#events.onVisible(first, first + count - 1);
  };

  /** Rows that stay in view keep their elements, in the order of the lines. */
  #fill(first: number, count: number): void {
    const { rows, scroller } = this.#parts;
    while (this.#pool.length < count) this.#pool.push(appended(rows));
    while (this.#pool.length > count) this.#pool.pop()?.element.remove();
    const moved = first - this.#first;
    if (moved > 0 && moved < count) {
      const above = this.#pool.splice(0, moved);
      rows.append(...above.map(({ element }) => element));
      this.#pool.push(...above);
    } else if (moved < 0 && -moved < count) {
      const below = this.#pool.splice(count + moved, -moved);
      rows.prepend(...below.map(({ element }) => element));
      this.#pool.unshift(...below);
    }
    this.#first = first;
    const { base, entries } = this.#window;
    let active = '';
    for (const [slot, row] of this.#pool.entries()) {
      const index = first + slot;
      const entry = entries[index - base];
      const selected = entry?.id === this.#selected;
      const marked = entry !== undefined && this.#marked.has(entry.id);
      const id = `log-line-${String(index)}`;
      row.fill({ index, entry, selected, marked }, this.#look, id);
      if (selected) active = id;
    }
    if (active === '') scroller.removeAttribute('aria-activedescendant');
    else scroller.setAttribute('aria-activedescendant', active);
  }

  /** Move the rows up by the share of the first line that is out of view; at the end the last one stands at the bottom. */
  #place(first: number): void {
    const { rows } = this.#parts;
    const { viewHeight, rowHeight, total } = this.#size;
    const share = this.#top - first;
    let offset = -share * rowHeight;
    if (this.#look.wrap) {
      const height = rows.offsetHeight;
      offset = -share * (this.#pool[0]?.element.offsetHeight ?? rowHeight);
      const holdsLast = first + this.#pool.length >= total;
      if (holdsLast && (this.#following || height + offset < viewHeight)) offset = Math.min(0, viewHeight - height);
    }
    rows.style.transform = `translateY(${String(offset)}px)`;
  }
}

function appended(rows: HTMLElement): RowElement {
  const row = new RowElement();
  rows.append(row.element);
  return row;
}
