import { describe, expect, test } from 'vitest';
import {
  contentHeight,
  isScaled,
  lastTop,
  scrollOfTop,
  topOfScroll,
  topToShow,
} from '../../../renderer/pages/logs/list/thumb.ts';

const MOST_DEVICE_PX = 33_554_428;

describe.each([1000, 250_000, 1_000_000, 80_000_000])('a list of %d lines', (total) => {
  const size = { total, rowHeight: 20, viewHeight: 800 };

  test('is never taller than Chromium can hold, with five device pixels to one and roomy rows', () => {
    expect(contentHeight({ ...size, rowHeight: 24 }) * 5).toBeLessThan(MOST_DEVICE_PX);
  });

  test('reaches its first and its last line', () => {
    const most = contentHeight(size) - size.viewHeight;
    expect(topOfScroll(size, 0)).toBe(0);
    expect(topOfScroll(size, most)).toBe(total - 40);
    expect(topOfScroll(size, most - 0.5)).toBe(total - 40);
  });

  test('finds the same line again from its scroll position', () => {
    for (const top of [0, 17.25, total / 3, total - 40]) {
      expect(topOfScroll(size, scrollOfTop(size, top))).toBeCloseTo(top, 3);
    }
  });
});

test('scrolls pixel by pixel until the thumb must stand for a share of the lines', () => {
  const size = { total: 10_000, rowHeight: 20, viewHeight: 800 };
  expect(isScaled(size)).toBe(false);
  expect(topOfScroll(size, 30)).toBeCloseTo(1.5, 9);
  expect(isScaled({ ...size, total: 250_001 })).toBe(true);
});

test('a list that fits does not scroll', () => {
  const size = { total: 5, rowHeight: 20, viewHeight: 800 };
  expect([lastTop(size), contentHeight(size), topOfScroll(size, 10), scrollOfTop(size, 3)]).toEqual([0, 800, 0, 0]);
});

test('shows a line with as little movement as possible', () => {
  const size = { total: 1000, rowHeight: 20, viewHeight: 800 };
  expect(topToShow(size, 100, 120)).toBe(100);
  expect(topToShow(size, 100, 90)).toBe(90);
  expect(topToShow(size, 100, 140)).toBe(101);
  expect(topToShow(size, 900, 999)).toBe(960);
});
