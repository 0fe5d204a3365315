/** A binary heap of things that fall due, the earliest first; things due together come out in the order they went in. */
export interface DueHeap<T> {
  push(dueAt: number, item: T): void;
  /** When the first item is due; Infinity when there is none. */
  nextDueAt(): number;
  /** Take the first item if it is due at `time` or before. */
  takeDue(time: number): T | undefined;
  /** Remove items from the front for as long as they are of no use any more. */
  dropWhile(isVoid: (item: T) => boolean): void;
  /** Remove everything. */
  clear(): void;
  size(): number;
}

interface Node<T> {
  readonly dueAt: number;
  readonly order: number;
  readonly item: T;
}

export function createDueHeap<T>(): DueHeap<T> {
  const nodes: Node<T>[] = [];
  let order = 0;
  const at = (index: number): Node<T> => nodes[index] as Node<T>; // every caller checks the index against the length

  const swap = (a: number, b: number): void => {
    const held = at(a);
    nodes[a] = at(b);
    nodes[b] = held;
  };
  const isBefore = (a: number, b: number): boolean =>
    at(a).dueAt < at(b).dueAt || (at(a).dueAt === at(b).dueAt && at(a).order < at(b).order);
  const siftUp = (start: number): void => {
    for (let index = start; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!isBefore(index, parent)) return;
      swap(index, parent);
      index = parent;
    }
  };
  const siftDown = (): void => {
    for (let index = 0; ;) {
      let first = index;
      for (let child = 2 * index + 1; child <= 2 * index + 2 && child < nodes.length; child++) {
        if (isBefore(child, first)) first = child;
      }
      if (first === index) return;
      swap(index, first);
      index = first;
    }
  };

  const takeDue = (time: number): T | undefined => {
    const first = nodes[0];
    if (!first || first.dueAt > time) return undefined;
    const last = nodes.pop() as Node<T>; // there is at least `first`
    if (nodes.length > 0) {
      nodes[0] = last;
      siftDown();
    }
    return first.item;
  };

  return {
    push(dueAt, item) {
      nodes.push({ dueAt, order: order++, item });
      siftUp(nodes.length - 1);
    },
    nextDueAt: () => nodes[0]?.dueAt ?? Infinity,
    takeDue,
    dropWhile(isVoid) {
      for (let first = nodes[0]; first !== undefined && isVoid(first.item); first = nodes[0]) takeDue(Infinity);
    },
    clear() {
      nodes.length = 0;
    },
    size: () => nodes.length,
  };
}
