import { describe, expect, test } from 'vitest';
import { offsetIn } from '../../../renderer/editor/offset-in.ts';
import { guessUnit } from '../../../renderer/format/guess-unit.ts';
import {
  readExpressions,
  remember,
  toggleStar,
  writeExpressions,
} from '../../../renderer/pages/metrics/kept-expressions.ts';
import { metricsIn, nearestNames } from '../../../renderer/pages/metrics/nearest-names.ts';

describe('the metrics of an expression', () => {
  test.each([
    ['up', ['up']],
    ['rate(http_requests_total{job="a b"}[5m])', ['http_requests_total']],
    ['sum by (job, up) (a) / on(job) group_left(x) b', ['a', 'b']],
    ['histogram_quantile(0.9, x:y_bucket) > 5 and time() # z', ['x:y_bucket']],
    ['{__name__="foo"}', []],
  ])('%s', (expr, names) => {
    expect(metricsIn(expr)).toEqual(names);
  });
});

test('names that may have been meant come nearest first', () => {
  const names = ['node_load1', 'node_load15', 'node_memory_MemFree_bytes', 'up', 'http_requests_total'];
  expect(nearestNames('node_laod1', names, 2)).toEqual(['node_load1', 'node_load15']);
  expect(nearestNames('requests_http', names, 3)).toEqual(['http_requests_total']);
  expect(nearestNames('zzzzzzz', names, 3)).toEqual([]);
});

describe('what is remembered', () => {
  const empty = { history: [], stars: [] };
  test('is newest first, once each, and not without end', () => {
    let kept = remember(empty, ['a', 'b', ' ']);
    kept = remember(kept, ['b']);
    expect(kept.history).toEqual(['b', 'a']);
    for (let i = 0; i < 200; i++) kept = remember(kept, [`x${String(i)}`]);
    expect(kept.history).toHaveLength(50);
    expect(kept.history[0]).toBe('x199');
  });
  test('has stars that come and go', () => {
    const starred = toggleStar(empty, 'up ');
    expect(starred.stars).toEqual(['up']);
    expect(toggleStar(starred, 'up').stars).toEqual([]);
  });
  test('outlives the page, and a damaged store', () => {
    const cells = new Map<string, string>();
    const storage = {
      getItem: (key: string) => cells.get(key) ?? null,
      setItem: (key: string, value: string) => void cells.set(key, value),
    };
    const kept = { history: ['a'], stars: ['b'] };
    writeExpressions(storage, kept);
    expect(readExpressions(storage)).toEqual(kept);
    for (const text of ['{', 'null', '{"history":5,"stars":[1,"x"]}']) {
      expect(readExpressions({ getItem: () => text }).history).toEqual([]);
    }
  });
});

test.each([
  ['node_memory_MemAvailable_bytes', 'bytes'],
  ['rate(node_network_receive_bytes_total[1m])', 'bytesPerSecond'],
  ['rate(http_requests_total[5m])', 'perSecond'],
  ['node_filesystem_avail_bytes / node_filesystem_size_bytes', 'ratio'],
  ['1 - avg(rate(node_cpu_seconds_total{mode="idle"}[1m]))', 'ratio'],
  ['rate(x_seconds_sum[5m]) / rate(x_seconds_count[5m])', 'seconds'],
  ['histogram_quantile(0.9, rate(x_seconds_bucket[5m]))', 'seconds'],
  ['probe_ssl_earliest_cert_expiry - time()', 'seconds'],
  ['count(node_memory_MemAvailable_bytes)', 'none'],
  ['a_bytes / b_total * 100', 'none'],
  ['node_boot_time_seconds', 'none'],
  ['up', 'none'],
] as const)('%s is measured in %s', (expr, unit) => {
  expect(guessUnit(expr)).toBe(unit);
});

test('a place in a text that is outside of it is the nearest inside', () => {
  expect(offsetIn('ab\ncd', 2, 2)).toBe(4);
  expect(offsetIn('ab\ncd', 1, 9)).toBe(2);
  expect(offsetIn('ab\ncd', 9, 9)).toBe(5);
});
