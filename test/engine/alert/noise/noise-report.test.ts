import { describe, expect, it } from 'vitest';
import { findLimit } from '../../../../electron/engine/alert/noise/find-limit.ts';
import {
  noiseReport,
  type NoiseInput,
  type ReportedRule,
} from '../../../../electron/engine/alert/noise/noise-report.ts';
import { proposeLimit } from '../../../../electron/engine/alert/noise/propose-limit.ts';
import type { AlertEpisode } from '../../../../electron/engine/store/state/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RULE: ReportedRule = {
  id: 'r',
  name: 'Noisy',
  file: '/rules.yml',
  line: 4,
  expr: 'load > 5',
  labels: { severity: 'critical' },
  forMs: MINUTE,
  keepFiringForMs: 0,
};

function episode(firedAt: number, lengthMs: number | null, instance = 'a'): AlertEpisode {
  return {
    fingerprint: instance,
    ruleId: 'r',
    labels: { alertname: 'Noisy', instance, job: 'node' },
    annotations: {},
    value: 6,
    firedAt,
    resolvedAt: lengthMs === null ? null : firedAt + lengthMs,
  };
}

const report = (episodes: readonly AlertEpisode[], more: Partial<NoiseInput> = {}) =>
  noiseReport({
    fromMs: 0,
    toMs: 100 * HOUR,
    episodes,
    deliveries: [],
    rules: [RULE],
    wasAcknowledged: null,
    ...more,
  }).rules[0];

describe('the noise report', () => {
  it('finds alerts that end by themselves, and the wait that would have spared them', () => {
    const short = Array.from({ length: 9 }, (_, index) => episode(index * 5 * HOUR, 2 * MINUTE));
    const noisy = report([...short, episode(60 * HOUR, HOUR)]);
    expect(noisy).toMatchObject({ fired: 10, endedSoon: 9, flaps: 0, reasons: ['short'], medianMs: 2 * MINUTE });
    // A `for` that is two minutes longer: what ended within two minutes would not have fired.
    expect(noisy?.proposals).toEqual([{ kind: 'for', ms: 3 * MINUTE, left: 1 }]);
  });

  it('finds alerts that flap, and how long to keep them', () => {
    const flapping = Array.from({ length: 6 }, (_, index) => episode(index * 20 * MINUTE, 12 * MINUTE));
    const noisy = report(flapping);
    expect(noisy).toMatchObject({ flaps: 5, reasons: ['flaps'] });
    expect(noisy?.proposals).toEqual([{ kind: 'keepFiringFor', ms: 10 * MINUTE, left: 1 }]);
  });

  it('finds what is told and never acknowledged, where that is known', () => {
    const long = [0, 10, 20].map((hour) => episode(hour * HOUR, HOUR));
    const deliveries = long.map(({ firedAt }) => ({
      at: firedAt + 1000,
      outcome: 'delivered' as const,
      firing: ['a'],
    }));
    expect(report(long, { deliveries })).toMatchObject({ messages: 3, acknowledged: null, reasons: [] });
    expect(report(long, { deliveries, wasAcknowledged: () => false })).toMatchObject({
      acknowledged: 0,
      reasons: ['ignored'],
      proposals: [{ kind: 'severity', severity: 'warning' }],
    });
    expect(report(long, { deliveries, wasAcknowledged: ({ firedAt }) => firedAt === 0 })?.reasons).toEqual([]);
  });

  it('proposes one message where many fire at once, by the labels that they share', () => {
    const many = Array.from({ length: 6 }, (_, index) => episode(1000 * index, HOUR, `host-${String(index)}`));
    expect(report(many)).toMatchObject({
      most: 6,
      alerts: 6,
      reasons: ['many'],
      proposals: [{ kind: 'group', by: ['alertname', 'job'] }],
    });
  });

  it('proposes a silence where one alert makes the noise', () => {
    const loud = Array.from({ length: 9 }, (_, index) => episode(index * 5 * HOUR, 2 * MINUTE));
    expect(report([...loud, episode(HOUR, HOUR, 'b')])?.proposals).toContainEqual({
      kind: 'silence',
      labels: { alertname: 'Noisy', instance: 'a', job: 'node' },
      left: 1,
    });
  });

  it('says nothing of a rule that fired rarely and for long, or is gone', () => {
    expect(report([episode(0, HOUR), episode(50 * HOUR, null)])).toMatchObject({ reasons: [], proposals: [] });
    expect(report([{ ...episode(0, HOUR), ruleId: 'gone' }])).toBeUndefined();
  });
});

describe('a limit from the history', () => {
  it('is found in an expression that compares something with a number', () => {
    expect(findLimit('100 * (a / b) > 2 * 45')).toEqual({ subject: '100 * (a / b)', comparison: '>', limit: 90 });
    expect(findLimit('(10 >= load)')).toEqual({ subject: 'load', comparison: '<=', limit: 10 });
    expect([findLimit('a > b'), findLimit('a > 1 and b'), findLimit('a >'), findLimit('a > bool 1')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('moves no further than it has to, and still lets the worst through', () => {
    const values = Array.from({ length: 2000 }, (_, index) => (index === 1500 ? 99 : index % 50 === 0 ? 83 : 40));
    const series = [{ timestamps: values.map((_, index) => index), values }];
    const times = { forMs: 0, keepFiringForMs: 0, stepMs: 1, endMs: 1999 };
    expect(proposeLimit(series, { comparison: '>', limit: 80 }, times)).toEqual({
      limit: 83,
      firings: 1,
      firingsNow: 40,
    });
    expect(proposeLimit(series, { comparison: '==', limit: 80 }, times)).toBeNull();
    expect(proposeLimit(series, { comparison: '>', limit: 98 }, times)).toBeNull();
  });
});
