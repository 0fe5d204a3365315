import { describe, expect, it } from 'vitest';

import { queryInstant, queryRange } from '../../../../electron/engine/query/promql/index.ts';
import type { PromqlFeature, QueryOutcome } from '../../../../electron/engine/query/promql/index.ts';
import { MemorySource } from '../../../../electron/engine/query/promqltest/index.ts';
import { systemClock } from '../../../../electron/engine/schedule/clock.ts';
import type { Clock } from '../../../../electron/engine/schedule/clock.ts';
import { labelsFromRecord } from '../../../../shared/model/labels.ts';

/** `series` counters with a sample a minute for an hour, from the epoch. */
function counters(series: number): MemorySource {
  const source = new MemorySource();
  for (let n = 0; n < series; n++) {
    const labels = labelsFromRecord({ __name__: 'work_total', n: String(n) });
    source.append(
      labels,
      Array.from({ length: 60 }, (_, i) => ({ timestampMs: i * 60_000, value: i * (n + 1) })),
    );
  }
  return source;
}

/** A clock whose time passes only by being asked: `tickMs` for every look at it. */
function tickingClock(tickMs: number): Clock {
  let nowMs = 0;
  return { now: () => 0, monotonic: () => (nowMs += tickMs), after: () => () => undefined };
}

const HOUR = { startMs: 0, endMs: 3_540_000, stepMs: 60_000 };

function problemOf(outcome: QueryOutcome): { kind: string; message: string } | null {
  return outcome.ok ? null : outcome.problem;
}

describe('queryInstant', () => {
  it('gives a vector with the time of the query', async () => {
    const outcome = await queryInstant(counters(1), 'work_total', { clock: systemClock, timeMs: 90_000 });
    expect(outcome).toEqual({
      ok: true,
      value: {
        type: 'vector',
        samples: [{ labels: ['__name__', 'work_total', 'n', '0'], timestampMs: 90_000, value: 1 }],
      },
      warnings: [],
      infos: [],
      stats: { samples: 2, series: 1 },
    });
  });

  it('refuses what is experimental until it is switched on', async () => {
    const ask = (text: string, features: ReadonlySet<PromqlFeature>): Promise<QueryOutcome> =>
      queryInstant(counters(2), text, { clock: systemClock, timeMs: 0, features });
    const cases = [
      ['limitk(1, work_total)', 'promql-experimental-functions', '1:1: parse error: limitk() is experimental'],
      [
        'mad_over_time(work_total[5m])',
        'promql-experimental-functions',
        '1:1: parse error: function "mad_over_time" is',
      ],
      ['rate(work_total[5m] anchored)', 'promql-extended-range-selectors', '1:6: parse error: anchored modifier is'],
      ['work_total + fill(0) work_total', 'promql-binop-fill-modifiers', '1:12: parse error: fill modifiers are'],
    ] as const;
    for (const [text, feature, message] of cases) {
      const refused = await ask(text, new Set());
      expect(problemOf(refused)?.message).toContain(message);
      expect((await ask(text, new Set([feature]))).ok).toBe(true);
    }
  });

  it('explains what each node read and gave', async () => {
    const outcome = await queryRange(counters(3), 'sum(rate(work_total[5m])) / 2', {
      clock: systemClock,
      ...HOUR,
      explains: true,
    });
    const rate = { text: 'rate(work_total[5m])', kind: 'call', series: 3, samples: 177 };
    expect(outcome).toMatchObject({
      stats: { samples: 180, series: 3 },
      explanation: {
        text: 'sum(rate(work_total[5m])) / 2',
        kind: 'binary',
        series: 1,
        samples: 59,
        children: [
          {
            kind: 'aggregate',
            series: 1,
            samples: 59,
            children: [{ ...rate, children: [{ kind: 'matrix', series: 3, samples: 180, children: [] }] }],
          },
          { kind: 'number', series: 0, samples: 0 },
        ],
      },
    });
  });

  it('counts the time of a node without that of the nodes above it', async () => {
    const outcome = await queryInstant(counters(3), 'sum(work_total)', {
      clock: tickingClock(1),
      timeMs: 0,
      explains: true,
    });
    const explanation = outcome.ok ? outcome.explanation : undefined;
    const child = explanation?.children[0];
    expect(child?.milliseconds).toBeGreaterThan(0);
    expect(child?.milliseconds).toBeLessThan(explanation?.milliseconds ?? 0);
  });

  it('gives scalars, strings and range vectors as what they are', async () => {
    const ask = async (text: string): Promise<unknown> => {
      const outcome = await queryInstant(counters(1), text, { clock: systemClock, timeMs: 120_000 });
      return outcome.ok ? outcome.value : outcome.problem;
    };
    expect(await ask('1 + time()')).toEqual({ type: 'scalar', timestampMs: 120_000, value: 121 });
    expect(await ask('"text"')).toEqual({ type: 'string', timestampMs: 120_000, value: 'text' });
    expect(await ask('work_total[2m]')).toEqual({
      type: 'matrix',
      series: [
        {
          labels: ['__name__', 'work_total', 'n', '0'],
          timestamps: Float64Array.of(60_000, 120_000),
          values: Float64Array.of(1, 2),
        },
      ],
    });
  });

  it('says where a query is wrong', async () => {
    const outcome = await queryInstant(counters(1), 'sum(', { clock: systemClock, timeMs: 0 });
    expect(outcome).toMatchObject({ ok: false, problem: { kind: 'bad_data', line: 1, column: 5 } });
  });

  it('looks back as far as it is told', async () => {
    const ask = (lookbackMs: number): Promise<QueryOutcome> => {
      return queryInstant(counters(1), 'count(work_total)', { clock: systemClock, timeMs: 3_600_000, lookbackMs });
    };
    expect(await ask(60_001)).toMatchObject({ value: { samples: [{ value: 1 }] } });
    expect(await ask(60_000)).toMatchObject({ value: { samples: [] } });
  });
});

describe('queryRange', () => {
  it('gives points only where there are any, in columns', async () => {
    const outcome = await queryRange(counters(1), 'work_total > 57', { clock: systemClock, ...HOUR });
    expect(outcome).toMatchObject({
      value: { series: [{ timestamps: Float64Array.of(3_480_000, 3_540_000), values: Float64Array.of(58, 59) }] },
    });
  });

  it('refuses more than 11,000 points for a series', async () => {
    const ask = (endMs: number): Promise<QueryOutcome> => {
      return queryRange(counters(1), '1', { clock: systemClock, startMs: 0, endMs, stepMs: 1000 });
    };
    expect((await ask(11_000_000)).ok).toBe(true);
    expect(problemOf(await ask(11_001_000))).toMatchObject({ kind: 'bad_data' });
  });

  it('refuses an end before the start, and a step that is none', async () => {
    const clock = systemClock;
    expect((await queryRange(counters(1), '1', { clock, startMs: 1, endMs: 0, stepMs: 1 })).ok).toBe(false);
    expect((await queryRange(counters(1), '1', { clock, startMs: 0, endMs: 1, stepMs: 0 })).ok).toBe(false);
  });

  it('ends at the limit of samples', async () => {
    const outcome = await queryRange(counters(3), 'work_total + 1', { clock: systemClock, ...HOUR, maxSamples: 150 });
    expect(problemOf(outcome)).toEqual({
      kind: 'execution',
      message: 'query processing would load too many samples into memory in query execution',
    });
  });

  it('folds an aggregation without holding its series', async () => {
    const outcome = await queryRange(counters(50), 'sum(rate(work_total[5m]))', {
      clock: systemClock,
      ...HOUR,
      maxSamples: 200,
    });
    expect(outcome.ok).toBe(true);
  });

  it('ends when its time is over', async () => {
    const outcome = await queryRange(counters(50), 'rate(work_total[5m])', {
      clock: tickingClock(100),
      ...HOUR,
      timeoutMs: 1000,
    });
    expect(problemOf(outcome)).toMatchObject({ kind: 'timeout' });
  });

  it('ends when it is cancelled while it runs', async () => {
    const cancel = new AbortController();
    const running = queryRange(counters(50), 'rate(work_total[5m])', {
      clock: tickingClock(10),
      ...HOUR,
      signal: cancel.signal,
    });
    cancel.abort();
    expect(problemOf(await running)).toMatchObject({ kind: 'canceled' });
  });

  it('lets other work run in between', async () => {
    let turns = 0;
    let stopped = false;
    const turn = (): void => {
      turns++;
      if (!stopped) setImmediate(turn);
    };
    setImmediate(turn);
    await queryRange(counters(200), 'sum(rate(work_total[5m]))', { clock: tickingClock(4), ...HOUR });
    stopped = true;
    expect(turns).toBeGreaterThan(20);
  });
});

describe('a query made to hurt', () => {
  const ask = (text: string): Promise<QueryOutcome> => {
    return queryInstant(counters(1), text, { clock: systemClock, timeMs: 120_000 });
  };

  it('is refused when it is nested too deeply, however it nests', async () => {
    const depth = 20_000;
    for (const text of [
      '('.repeat(depth) + '1' + ')'.repeat(depth),
      '-'.repeat(depth) + '1',
      `1${' + 1'.repeat(depth)}`,
    ]) {
      expect(problemOf(await ask(text))).toMatchObject({ kind: 'bad_data' });
    }
  });

  it('is answered when it is long but not that deep', async () => {
    const text = `work_total${' or work_total'.repeat(290)}`;
    expect(await ask(text)).toMatchObject({ ok: true });
    expect(problemOf(await ask(`${text}${text.slice(10).repeat(2)}`))).toMatchObject({
      message: '1:1: parse error: more than 300 operators in a row are not supported',
    });
    expect(await ask(`${'('.repeat(900)}1${')'.repeat(900)}`)).toMatchObject({ ok: true });
  });

  it('is ended when its subquery has more steps than samples are allowed', async () => {
    expect(problemOf(await ask('sum_over_time(work_total[100y:1ms])'))).toMatchObject({ kind: 'execution' });
  });
});

describe('the samples that a query looks at', () => {
  async function counted(query: string): Promise<{ total: number; perStep: number[]; peak: number }> {
    const options = { clock: systemClock, startMs: 600_000, endMs: 720_000, stepMs: 60_000, countsSamples: true };
    const outcome = await queryRange(counters(2), query, options);
    const queryable = outcome.ok ? outcome.stats.queryable : undefined;
    if (queryable === undefined) throw new Error(problemOf(outcome)?.message ?? 'not counted');
    expect([...queryable.stepTimesMs]).toEqual([600_000, 660_000, 720_000]);
    return { total: queryable.total, perStep: [...queryable.perStep], peak: queryable.peak };
  }

  it('are one of each series for a selector, and all of the window for a range', async () => {
    expect(await counted('work_total')).toEqual({ total: 6, perStep: [2, 2, 2], peak: 6 });
    expect(await counted('sum(rate(work_total[5m]))')).toMatchObject({ total: 30, perStep: [10, 10, 10] });
  });

  it('count at every step where they are looked at once, and not twice where a subquery gathers them', async () => {
    expect(await counted('sum(work_total @ end())')).toMatchObject({ perStep: [2, 2, 2] });
    expect(await counted('max_over_time(work_total[2m:1m])')).toMatchObject({ perStep: [4, 4, 4] });
    expect(await counted('1 + 1')).toMatchObject({ total: 0 });
  });

  it('are not counted where nobody asks', async () => {
    const outcome = await queryRange(counters(1), 'work_total', { clock: systemClock, ...HOUR });
    expect(outcome.ok && outcome.stats).toEqual({ samples: 60, series: 1 });
  });
});
