import { describe, expect, it } from 'vitest';
import { AppendedSource } from '../../../../electron/engine/alert/rule-tests/appended-source.ts';
import { bitsOf, isStaleAt } from '../../../../shared/model/stale-marker.ts';

const UP = ['__name__', 'up', 'job', 'api'];
const BY_NAME = [{ name: '__name__', operator: '=' as const, value: 'up' }];

function filled(): AppendedSource {
  const source = new AppendedSource();
  const ref = source.ref(UP);
  for (let i = 0; i < 40; i++) {
    if (i === 20) source.appendStale(ref, i * 1000);
    else source.append(ref, i * 1000, i);
  }
  return source;
}

describe('AppendedSource', () => {
  it('gives the samples of a range, both ends included, and keeps the ends of series', () => {
    const [series] = filled().select(BY_NAME, 19_000, 21_000);
    expect(series?.labels).toEqual(UP);
    expect([...(series?.timestamps ?? [])]).toEqual([19_000, 20_000, 21_000]);
    expect(series?.values[0]).toBe(19);
    expect(isStaleAt(bitsOf(series?.values ?? new Float64Array()), 1)).toBe(true);
  });

  it('shows nothing of what comes later', () => {
    const source = filled();
    source.visibleUntilMs = 2_500;
    expect([...(source.select(BY_NAME, 0, 10_000)[0]?.timestamps ?? [])]).toEqual([0, 1000, 2000]);
    expect(source.series([BY_NAME], 3_000, 9_000)).toEqual([]);
  });

  it('drops samples that are not newer than the last', () => {
    const source = filled();
    source.append(source.ref(UP), 39_000, 7);
    source.append(source.ref(UP), 5_500, 7);
    expect([...(source.select(BY_NAME, 38_500, 40_000)[0]?.values ?? [])]).toEqual([39]);
    expect(source.select(BY_NAME, 5_500, 5_500)).toEqual([]);
  });

  it('names labels and their values', () => {
    const source = filled();
    source.append(source.ref(['__name__', 'down', 'job', 'db']), 1000, 1);
    expect(source.labelNames([], 0, 9_000)).toEqual(['__name__', 'job']);
    expect(source.labelValues('job', [BY_NAME], 0, 9_000)).toEqual(['api']);
  });
});
