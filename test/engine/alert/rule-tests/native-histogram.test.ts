import { describe, expect, it } from 'vitest';
import {
  formatNativeHistogram,
  histogramOfPoint,
  parseNativeHistogram,
  withResetHint,
} from '../../../../electron/engine/alert/rule-tests/native-histogram.ts';

function read(text: string) {
  const histogram = parseNativeHistogram(text);
  if (histogram === null) throw new Error(`not read: ${text}`);
  return histogram;
}

describe('native histograms of tests of rules', () => {
  it('are read whatever the order of their properties, and written in one', () => {
    const text =
      '{{n_offset:-5 n_buckets:[4 5] offset:-3 buckets:[5 0 7] z_bucket_w:0.5 z_bucket:7 sum:-0.3 count:28 schema:1}}';
    expect(formatNativeHistogram(read(text))).toBe(
      '{{schema:1 count:28 sum:-0.3 z_bucket:7 z_bucket_w:0.5 offset:-3 buckets:[5 0 7] n_offset:-5 n_buckets:[4 5]}}',
    );
    expect(formatNativeHistogram(read('{{schema:-53 custom_values:[1 2] counter_reset_hint:gauge}}'))).toBe(
      '{{schema:-53 custom_values:[1 2] counter_reset_hint:gauge}}',
    );
  });

  it('are the same with buckets of 0 around', () => {
    expect(formatNativeHistogram(read('{{offset:-1 buckets:[0 3 0]}}'))).toBe('{{buckets:[3]}}');
  });

  it.each(['{{', '{{count}}', '{{count:x}}', '{{buckets:3}}', '{{colour:3}}', '{{buckets:[1 a]}}'])(
    'are not %s',
    (text) => {
      expect(parseNativeHistogram(text)).toBeNull();
    },
  );

  it('grow from point to point', () => {
    const point = (times: number) =>
      histogramOfPoint({
        histogram: '{{sum:3 count:2 buckets:[2]}}',
        step: { sign: 1, histogram: '{{sum:1 count:1 offset:1 buckets:[1]}}', times },
      });
    expect(point(0)).toEqual(read('{{sum:3 count:2 buckets:[2]}}'));
    expect(point(2)).toEqual(read('{{sum:5 count:4 buckets:[2 2]}}'));
  });

  it('know after another one whether they fell', () => {
    const [small, large] = [read('{{count:2 buckets:[2]}}'), read('{{count:3 buckets:[3]}}')];
    expect(withResetHint(small, null).resetHint).toBe('unknown');
    expect(withResetHint(large, small).resetHint).toBe('not_reset');
    expect(withResetHint(small, large).resetHint).toBe('reset');
  });
});
