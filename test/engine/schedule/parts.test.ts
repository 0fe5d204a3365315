import { expect, test } from 'vitest';
import { createDueHeap } from '../../../electron/engine/schedule/due-heap.ts';
import { nextAlignedAt, snapTimestamp } from '../../../electron/engine/schedule/phase.ts';
import { createSlots } from '../../../electron/engine/schedule/slots.ts';

test('the heap gives what is due in order, and first come first served at the same time', () => {
  const heap = createDueHeap<string>();
  const times = [5, 3, 9, 3, 1, 7, 3];
  times.forEach((dueAt, i) => {
    heap.push(dueAt, `${String(dueAt)}#${String(i)}`);
  });
  const taken: string[] = [];
  for (let item = heap.takeDue(7); item !== undefined; item = heap.takeDue(7)) taken.push(item);
  expect(taken).toEqual(['1#4', '3#1', '3#3', '3#6', '5#0', '7#5']);
  expect([heap.nextDueAt(), heap.size()]).toEqual([9, 1]);
});

test('the next aligned time is after the given one, also exactly on it', () => {
  expect(nextAlignedAt(100, 10, 3)).toBe(103);
  expect(nextAlignedAt(103, 10, 3)).toBe(113);
  expect(nextAlignedAt(102.9, 10, 3)).toBe(103);
});

test('a timestamp snaps within 2 ms, and within 1 % of a short interval', () => {
  expect(snapTimestamp(1002, 1000, 15_000)).toBe(1000);
  expect(snapTimestamp(1002.4, 1000, 15_000)).toBe(1002);
  expect(snapTimestamp(1001.4, 1000, 100)).toBe(1001);
  expect(snapTimestamp(1000.9, 1000, 100)).toBe(1000);
});

test('a waiting run can leave the queue, a started one cannot', () => {
  const slots = createSlots({ global: 1, perHost: 1 });
  const started: string[] = [];
  let release: () => void = () => undefined;
  const leaveFirst = slots.take('a', (give) => {
    started.push('first');
    release = give;
  });
  const leaveSecond = slots.take('a', () => started.push('second'));
  slots.take('b', () => started.push('third'));
  expect([leaveFirst(), leaveSecond(), slots.waiting()]).toEqual([false, true, 1]);
  release();
  release();
  expect(started).toEqual(['first', 'third']);
  expect([slots.active(), slots.waiting()]).toEqual([1, 0]);
});
