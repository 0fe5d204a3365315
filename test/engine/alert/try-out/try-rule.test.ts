import { describe, expect, it } from 'vitest';
import { firingIntervals } from '../../../../electron/engine/alert/try-out/firing-intervals.ts';
import { tryRule, type RangeRun, type TriedRule } from '../../../../electron/engine/alert/try-out/try-rule.ts';
import { queryRange } from '../../../../electron/engine/query/promql/index.ts';
import { MemorySource } from '../../../../electron/engine/query/promqltest/memory-source.ts';
import { buildRules } from '../../../../shared/rule-kinds/build-rules.ts';
import { labelsFrom } from '../../../../shared/model/labels.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = 1_700_000_000_000 - (1_700_000_000_000 % DAY);

/** Steps at which a condition holds, by `x`; `.` is a step without. */
const held = (pattern: string): number[] => Array.from(pattern).flatMap((one, index) => (one === 'x' ? [index] : []));

describe('when an alert would have fired', () => {
  const times = { forMs: 2, keepFiringForMs: 0, stepMs: 1, endMs: 11 };

  it('is after the condition held for as long as `for` says, until it holds no more', () => {
    expect(firingIntervals(held('.xxxx..xx.xx'), times)).toEqual([{ activeAt: 1, firedAt: 3, resolvedAt: 5 }]);
  });

  it('is at once without a `for`, and has no end where it still holds', () => {
    expect(firingIntervals(held('x..xxxxxxxxx'), { ...times, forMs: 0 })).toEqual([
      { activeAt: 0, firedAt: 0, resolvedAt: 1 },
      { activeAt: 3, firedAt: 3, resolvedAt: null },
    ]);
  });

  it('goes on over gaps that `keep_firing_for` bridges, but only once it fires', () => {
    expect(firingIntervals(held('x.xxx..x....'), { ...times, keepFiringForMs: 2 })).toEqual([
      { activeAt: 2, firedAt: 4, resolvedAt: 10 },
    ]);
  });
});

/** Seven days of a value of two machines: every day a quarter of an hour too high on the first. */
function week(): MemorySource {
  const source = new MemorySource();
  for (const instance of ['a', 'b']) {
    const samples = Array.from({ length: 7 * 24 * 60 }, (_, minute) => ({
      timestampMs: START + minute * MINUTE,
      value: instance === 'a' && minute % 1440 >= 600 && minute % 1440 < 615 ? 95 : 20,
    }));
    source.append(
      labelsFrom([
        ['__name__', 'load'],
        ['instance', instance],
      ]),
      samples,
    );
  }
  return source;
}

const RULE: TriedRule = {
  name: 'HighLoad',
  expr: 'load > 90',
  forMs: 5 * MINUTE,
  keepFiringForMs: 0,
  labels: { severity: 'warning', text: '{{ $value }}' },
  fromMs: START,
  toMs: START + 7 * DAY,
};

describe('a rule tried over the past', () => {
  const clock = createManualClock();
  const source = week();
  const range: RangeRun = (expr, startMs, endMs, stepMs, { signal, ...limits }) =>
    queryRange(source, expr, { clock, startMs, endMs, stepMs, ...limits, ...(signal && { signal }) });

  it('fires when it would have, piece by piece as in one go', async () => {
    const tried = await tryRule(RULE, { clock, range, timeoutMs: 60_000 });
    if (!tried.ok) throw new Error(tried.problem.message);
    expect(tried).toMatchObject({ isComplete: true, stepMs: MINUTE, firings: 7, onlyPending: 0 });
    expect(tried.alerts.map(({ labels }) => labels)).toEqual([
      { alertname: 'HighLoad', instance: 'a', severity: 'warning' },
    ]);
    const [first] = tried.alerts[0]?.firings ?? [];
    const from = START + 600 * MINUTE;
    // The last sample is seen for five more minutes only where no newer one follows; here the next says 20.
    expect(first).toEqual({ activeAt: from, firedAt: from + 5 * MINUTE, resolvedAt: from + 15 * MINUTE });
    expect(tried.firingMs).toBe(7 * 10 * MINUTE);
  });

  it('joins what a border between two pieces cuts', async () => {
    const tried = await tryRule({ ...RULE, expr: 'load > 10', forMs: DAY }, { clock, range, timeoutMs: 60_000 });
    if (!tried.ok) throw new Error(tried.problem.message);
    expect(tried.firings).toBe(2);
  });

  it('says what never held for long enough', async () => {
    const tried = await tryRule({ ...RULE, forMs: 20 * MINUTE }, { clock, range, timeoutMs: 60_000 });
    expect(tried).toMatchObject({ ok: true, firings: 0, onlyPending: 1, alerts: [] });
  });

  it('answers about the newest days when the time is up', async () => {
    let pieces = 0;
    const slow: RangeRun = (...question) => {
      pieces += 1;
      clock.advance(1000);
      return range(...question);
    };
    const tried = await tryRule(RULE, { clock, range: slow, timeoutMs: 2500 });
    if (!tried.ok) throw new Error(tried.problem.message);
    expect({ pieces, isComplete: tried.isComplete, firings: tried.firings }).toEqual({
      pieces: 3,
      isComplete: false,
      firings: 3,
    });
    expect(tried.fromMs).toBeGreaterThan(START + 3 * DAY);
  });

  it('gives up at once when it is told to', async () => {
    const control = new AbortController();
    control.abort();
    const tried = await tryRule(RULE, { clock, range, timeoutMs: 60_000, signal: control.signal });
    expect(tried).toMatchObject({ ok: false, problem: { kind: 'canceled' } });
  });

  it('tells what is wrong with the expression, and with alerts that cannot be told apart', async () => {
    const broken = await tryRule({ ...RULE, expr: 'load >' }, { clock, range, timeoutMs: 60_000 });
    expect(broken).toMatchObject({ ok: false, problem: { kind: 'bad_data' } });
    const same = await tryRule(
      { ...RULE, expr: 'load > 0', labels: { instance: 'one' } },
      { clock, range, timeoutMs: 60_000 },
    );
    expect(same).toMatchObject({ ok: false, problem: { message: /same labelset/ } });
  });

  it('sees a day that is unlike the days before', async () => {
    const built = buildRules(
      { name: 'Unusual', forMs: 0, keepFiringForMs: 0, severity: 'warning', summary: '' },
      {
        kind: 'seasonal',
        subject: 'visits',
        seasonMs: DAY,
        seasons: 3,
        windowMs: HOUR,
        deviations: 3,
        marginPercent: 10,
        direction: 'both',
      },
    );
    if (!built.ok) throw new Error(built.faults.join());
    const visits = new MemorySource();
    const at = (minute: number): number => {
      const usual = 100 + 50 * Math.sin((minute / 1440) * 2 * Math.PI) + (Math.floor(minute / 1440) % 3);
      return minute >= 6 * 1440 + 720 && minute < 6 * 1440 + 840 ? usual / 2 : usual;
    };
    const samples = Array.from({ length: 7 * 1440 }, (_, minute) => ({
      timestampMs: START + minute * MINUTE,
      value: at(minute),
    }));
    visits.append(labelsFrom([['__name__', 'visits']]), samples);
    const tried = await tryRule(
      { ...RULE, name: 'Unusual', expr: built.rules[0]?.expr ?? '', forMs: 0 },
      {
        clock,
        timeoutMs: 60_000,
        range: (expr, startMs, endMs, stepMs) => queryRange(visits, expr, { clock, startMs, endMs, stepMs }),
      },
    );
    if (!tried.ok) throw new Error(tried.problem.message);
    const fired = tried.alerts.flatMap(({ firings }) => firings.map(({ firedAt }) => firedAt));
    expect(fired.length).toBeGreaterThan(0);
    expect(Math.min(...fired)).toBeGreaterThanOrEqual(START + 6 * DAY + 12 * HOUR);
    expect(Math.max(...fired)).toBeLessThanOrEqual(START + 6 * DAY + 15 * HOUR);
  });
});
