import { describe, expect, test } from 'vitest';
import { filterServices, searchable } from '../../../renderer/pages/services/filter-services.ts';
import { firstBadCheck } from '../../../renderer/pages/services/first-bad-check.ts';
import type { Beat } from '../../../shared/contract/services.ts';
import type { State } from '../../../shared/model/state.ts';
import { sampleServices } from '../../doubles/sample-services.ts';

describe('filtering services', () => {
  const all = searchable(sampleServices(24, 1_760_000_000_000));

  test('needs every word, anywhere in name, group, address, message or labels', () => {
    expect(filterServices(all, 'Checkout PRODUCTION', undefined).map(({ name }) => name)).toEqual([
      'checkout-api',
      'checkout-api-2',
    ]);
    expect(filterServices(all, '订单', undefined)).toHaveLength(2);
    expect(filterServices(all, '  ', undefined)).toHaveLength(24);
  });

  test('keeps the order and takes a state into account', () => {
    const down = filterServices(all, '', 'down');
    expect(down.every(({ state }) => state === 'down')).toBe(true);
    expect(down.length).toBeGreaterThan(0);
    expect(filterServices(all, 'nothing has this name', 'down')).toEqual([]);
  });

  test('a thousand services are filtered within a frame', () => {
    const many = searchable(sampleServices(1000, 1_760_000_000_000));
    const before = performance.now();
    filterServices(many, 'auth stag', undefined);
    expect(performance.now() - before).toBeLessThan(16);
  });
});

describe('where the trouble began', () => {
  const beats = (...states: State[]): Beat[] =>
    states.map((state, index) => ({ at: 1000 - index, state, durationMs: null, message: null }));

  test('is the first bad look after the last good one', () => {
    const { good, bad } = firstBadCheck(beats('down', 'down', 'unknown', 'degraded', 'up', 'down'));
    expect([good?.at, bad?.at]).toEqual([996, 997]);
  });
  test('is not known further back than the history goes', () => {
    expect(firstBadCheck(beats('down', 'down'))).toMatchObject({ good: null, bad: { at: 999 } });
  });
  test('is nowhere when all is well', () => {
    expect(firstBadCheck(beats('up', 'up'))).toMatchObject({ bad: null });
    expect(firstBadCheck([])).toEqual({ good: null, bad: null });
  });
});
