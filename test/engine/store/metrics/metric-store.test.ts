import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMetricStore, type MetricStore } from '../../../../electron/engine/store/metrics/index.ts';
import { formatLabels } from '../../../../shared/model/labels.ts';
import { EVERYTHING, matcher, named, seededRandom, series, shown, START_MS, STEP_MS, storeFolder } from './fixture.ts';

const at = (step: number): number => START_MS + step * STEP_MS;

describe('metric store', () => {
  let folder: ReturnType<typeof storeFolder>;
  let store: MetricStore;
  beforeEach(() => {
    folder = storeFolder();
    store = folder.open();
  });
  afterEach(() => {
    folder.remove();
  });

  /** One scrape per step of `count` series `m0 …` whose value is the step times their number. */
  function scrape(from: number, to: number, count = 3, commitEvery = 1): void {
    const refs = Array.from({ length: count }, (_, n) => store.ref(series(`m${String(n)}`, { instance: 'a' })));
    for (let step = from; step < to; step++) {
      for (const [n, ref] of refs.entries()) store.append(ref, at(step), step * n);
      folder.time.nowMs = at(step);
      if (step % commitEvery === 0) store.commit();
    }
  }
  const all = (from = -1e6, to = 1e6): Record<string, string> => shown(store.select(EVERYTHING, at(from), at(to)));
  const reopen = (): void => {
    store.close();
    store = folder.open();
  };

  it('gives back what was appended, before and after a commit, a restart, and cutting into chunks', () => {
    scrape(0, 5);
    const expected = { 'm0{instance="a"}': '0:0 1:0 2:0 3:0 4:0', 'm1{instance="a"}': '0:0 1:1 2:2 3:3 4:4' };
    expect(all()).toMatchObject(expected);
    reopen();
    expect(all()).toMatchObject(expected);
    scrape(5, 1100);
    expect(store.stats().chunks).toBeGreaterThan(2);
    const whole = Array.from({ length: 1100 }, (_, step) => `${String(step)}:${String(step * 2)}`).join(' ');
    expect(all()['m2{instance="a"}']).toBe(whole);
    reopen();
    expect(all()['m2{instance="a"}']).toBe(whole);
    expect(store.stats()).toMatchObject({ series: 3, oldestSampleMs: at(0), newestSampleMs: at(1099) });
  });

  it('includes both ends of a range, whether they lie in chunks or in the head', () => {
    scrape(0, 700);
    for (const [from, to] of [
      [0, 0],
      [3, 5],
      [60, 70],
      [440, 520],
      [690, 699],
      [100, 650],
    ] as const) {
      const expected = Array.from({ length: to - from + 1 }, (_, i) => `${String(from + i)}:${String(from + i)}`).join(
        ' ',
      );
      expect(all(from, to)['m1{instance="a"}']).toBe(expected);
    }
    expect(store.select(EVERYTHING, at(3) + 1, at(4) - 1)).toEqual([]);
    expect(store.select(EVERYTHING, at(700), at(800))).toEqual([]);
  });

  it('keeps stale markers, NaN, infinities and minus zero apart through the log and through chunks', () => {
    const ref = store.ref(series('odd'));
    const values = [1, NaN, Infinity, -Infinity, -0, 0];
    for (let step = 0; step < 600; step++) {
      if (step % 7 === 6) store.appendStale(ref, at(step));
      else store.append(ref, at(step), values[step % 7] ?? 0);
      if (step % 10 === 0) store.commit();
    }
    const expected = all();
    expect(expected['odd']).toMatch(/^0:1 1:NaN 2:Infinity 3:-Infinity 4:-0 5:0 6:stale 7:1 /);
    reopen();
    expect(all()).toEqual(expected);
  });

  it('gives series that were collected together the same array of timestamps', () => {
    scrape(0, 500, 80);
    const timestamps = new Set(store.select(EVERYTHING, at(3), at(480)).map((columns) => columns.timestamps));
    expect(timestamps.size).toBe(1);
  });

  it('hands out columns that later samples do not change', () => {
    scrape(0, 10);
    const before = store.select(named('m2'), at(0), at(100));
    const text = shown(before);
    scrape(10, 200);
    expect(shown(before)).toEqual(text);
  });

  it('sorts in samples that are late, within the window', () => {
    const ref = store.ref(series('m'));
    for (const step of [0, 1, 5, 3, 2, 6, 4]) store.append(ref, at(step), step);
    expect(all()['m']).toBe('0:0 1:1 2:2 3:3 4:4 5:5 6:6');
    store.commit();
    reopen();
    expect(all()['m']).toBe('0:0 1:1 2:2 3:3 4:4 5:5 6:6');
    expect(store.stats().outOfOrderAccepted).toBe(0);
  });

  it('sorts in a late sample whose time is already in a chunk', () => {
    scrape(0, 64, 1);
    expect(store.stats()).toMatchObject({ chunks: 1, headSamples: 0 });
    const ref = store.ref(series('m0', { instance: 'a' }));
    store.append(ref, at(50) + 1000, 7);
    store.append(ref, at(51), 8);
    const [columns] = store.select(EVERYTHING, at(50), at(52));
    expect(columns?.timestamps).toEqual(Float64Array.of(at(50), at(50) + 1000, at(51), at(52)));
    expect(columns?.values).toEqual(Float64Array.of(0, 7, 0, 0));
    scrape(64, 600, 1);
    const [merged] = store.select(EVERYTHING, at(50), at(52));
    expect(merged?.values).toEqual(Float64Array.of(0, 7, 0, 0));
  });

  it('refuses samples that are older than the window, and counts them', () => {
    const ref = store.ref(series('m'));
    store.append(ref, at(100), 1);
    store.append(ref, at(0), 1);
    store.append(ref, at(60), 2);
    expect(all()['m']).toBe('60:2 100:1');
    expect(store.stats()).toMatchObject({ outOfOrderRefused: 1, outOfOrderAccepted: 1 });
  });

  it('takes history in any order when the window is open', () => {
    store.close();
    store = folder.open({ outOfOrderWindowMs: Infinity });
    for (const start of [2000, 0, 1000]) scrape(start, start + 1000, 2);
    const expected = Array.from({ length: 3000 }, (_, step) => `${String(step)}:${String(step)}`).join(' ');
    expect(all()['m1{instance="a"}']).toBe(expected);
  });

  it('lets the first value at a time stand, counts another one, and ignores the same', () => {
    const ref = store.ref(series('m'));
    store.append(ref, at(1), 1);
    store.append(ref, at(1), 1);
    store.append(ref, at(1), 2);
    store.append(ref, at(2), NaN);
    store.append(ref, at(2), NaN);
    store.appendStale(ref, at(3));
    store.appendStale(ref, at(3));
    store.append(ref, at(3), NaN);
    expect(all()['m']).toBe('1:1 2:NaN 3:stale');
    expect(store.stats()).toMatchObject({ conflicting: 2, headSamples: 3 });
  });

  it('agrees with a plain list for series that come, go, overlap and jump', () => {
    const random = seededRandom(11);
    const model = new Map<string, Map<number, number>>();
    const refs = Array.from({ length: 70 }, (_, n) => {
      const labels = series('m', { n: String(n), instance: String(n % 2) });
      model.set(formatLabels(labels), new Map());
      return { ref: store.ref(labels), samples: model.get(formatLabels(labels)) ?? new Map<number, number>() };
    });
    for (let step = 0; step < 900; step++) {
      for (const [n, { ref, samples }] of refs.entries()) {
        if ((step >> 5) % (n + 2) === 0 || random() < 0.02) continue;
        const time = n % 10 === 0 && random() < 0.1 ? at(step - Math.floor(random() * 30)) : at(step);
        const value = random() < 0.5 ? step : Math.round(random() * 1e4) / 100;
        store.append(ref, time, value);
        if (!samples.has(time)) samples.set(time, value);
      }
      folder.time.nowMs = at(step);
      if (step % 3 === 0) store.commit();
      if (step % 250 === 249) reopenWithRefs();
    }
    function reopenWithRefs(): void {
      reopen();
      for (const [n, entry] of refs.entries())
        entry.ref = store.ref(series('m', { n: String(n), instance: String(n % 2) }));
    }
    for (const [from, to] of [
      [-100, 1000],
      [300, 310],
      [512, 700],
      [880, 900],
    ] as const) {
      const selected = store.select(EVERYTHING, at(from), at(to));
      const found = new Map(selected.map((columns) => [formatLabels(columns.labels), columns]));
      for (const [key, samples] of model) {
        const expected = [...samples].filter(([time]) => time >= at(from) && time <= at(to)).sort(([a], [b]) => a - b);
        const columns = found.get(key);
        expect(Array.from(columns?.timestamps ?? [], (time, i) => [time, columns?.values[i]])).toEqual(expected);
      }
    }
  });

  it('answers with series, label names and values whose samples overlap the range', () => {
    scrape(0, 10, 2);
    const late = store.ref(series('late', { job: 'x', instance: 'b' }));
    store.append(late, at(50), 1);
    store.ref(series('never'));
    expect(store.series([], at(0), at(100)).map(formatLabels).sort()).toEqual([
      'late{instance="b", job="x"}',
      'm0{instance="a"}',
      'm1{instance="a"}',
    ]);
    expect(store.series([named('m0'), [matcher('job', '=', 'x')], named('m0')], at(0), at(100)).length).toBe(2);
    expect(store.series([EVERYTHING], at(20), at(40))).toEqual([]);
    expect(store.labelNames([], at(0), at(20))).toEqual(['__name__', 'instance']);
    expect(store.labelNames([named('late')], at(0), at(99))).toEqual(['__name__', 'instance', 'job']);
    expect(store.labelValues('instance', [], at(0), at(99))).toEqual(['a', 'b']);
    expect(store.labelValues('instance', [], at(20), at(99))).toEqual(['b']);
    expect(store.labelValues('instance', [named('m1')], at(0), at(99))).toEqual(['a']);
    expect(store.labelValues('job', [], at(0), at(20))).toEqual([]);
  });

  it('gives a series the same number as before when the labels are the same, and throws for a number it never gave', () => {
    expect(store.ref(series('m'))).toBe(store.ref(series('m')));
    expect(() => {
      store.append(999, at(0), 1);
    }).toThrow(/999/);
  });

  it('empties the log of batches as chunks take their place', () => {
    scrape(0, 64 * 9, 100);
    expect(store.stats().batches).toBeLessThan(150);
    const quiet = store.ref(series('quiet', { instance: 'b' }));
    store.append(quiet, at(600), 1);
    store.commit();
    folder.time.nowMs += 31 * 60_000;
    store.commit();
    expect(store.stats()).toMatchObject({ batches: 0, headSamples: 0 });
    reopen();
    expect(all()['quiet{instance="b"}']).toBe('600:1');
  });

  it('loses no sample that was logged under a number which chunks had used without a batch', () => {
    scrape(0, 3, 1);
    folder.time.nowMs += 31 * 60_000;
    store.commit();
    reopen();
    scrape(3, 5, 1);
    reopen();
    expect(all()['m0{instance="a"}']).toBe('0:0 1:0 2:0 3:0 4:0');
  });

  it('sets a damaged database aside and starts with an empty one', () => {
    scrape(0, 100);
    store.close();
    writeFileSync(
      folder.file,
      Buffer.concat([readFileSync(folder.file).subarray(0, 1024), Buffer.alloc(50_000, 0x5a)]),
    );
    store = folder.open();
    expect(store.setAside).toMatch(/metrics\.db\.damaged-20260101T/);
    expect(folder.messages.join()).toContain(store.setAside);
    scrape(0, 3);
    expect(all()['m1{instance="a"}']).toBe('0:0 1:1 2:2');
  });

  it('leaves out a damaged chunk or batch with one message and keeps the rest', () => {
    scrape(0, 460, 1);
    store.close();
    const db = new DatabaseSync(folder.file);
    db.exec("UPDATE chunk SET data = x'00112233' WHERE id = (SELECT min(id) FROM chunk)");
    db.exec("UPDATE sample_batch SET data = x'00' WHERE sequence = (SELECT max(sequence) FROM sample_batch)");
    db.close();
    store = folder.open();
    scrape(460, 800, 1);
    expect(all()['m0{instance="a"}']).toMatch(/458:0 460:0 .*799:0$/);
    expect(folder.messages.length).toBe(2);
    expect(folder.messages.join()).toMatch(/Batch \d+ .*Chunk \d+ /);
  });

  it('leaves out a series whose labels are damaged, with a message, and starts', () => {
    scrape(0, 10, 3);
    store.close();
    const db = new DatabaseSync(folder.file);
    db.exec("UPDATE series SET labels = '[\"__na' WHERE id = 2");
    db.close();
    store = folder.open();
    expect(Object.keys(all())).toEqual(['m0{instance="a"}', 'm2{instance="a"}']);
    expect(folder.messages).toEqual([expect.stringMatching(/Series 2 .*damaged labels/)]);
    scrape(10, 20, 3);
    expect(all()['m1{instance="a"}']).toMatch(/^10:10 .*19:19$/);
  });

  it('keeps everything when a commit fails, and commits it the next time', () => {
    scrape(0, 60, 2);
    const other = new DatabaseSync(folder.file);
    other.exec(`CREATE TRIGGER full BEFORE INSERT ON sample_batch BEGIN SELECT raise(ABORT, 'disk is full'); END`);
    expect(() => {
      scrape(60, 500, 3, 100);
    }).toThrow(/disk is full/);
    expect(() => {
      store.commit();
    }).toThrow(/disk is full/);
    expect(all()['m1{instance="a"}']).toMatch(/ 59:59 60:60 .*100:100$/);
    other.exec('DROP TRIGGER full');
    other.close();
    scrape(101, 300, 3);
    const whole = Array.from({ length: 300 }, (_, step) => `${String(step)}:${String(step)}`).join(' ');
    expect(all()['m1{instance="a"}']).toBe(whole);
    reopen();
    expect(all()['m1{instance="a"}']).toBe(whole);
    expect(all()['m2{instance="a"}']).toMatch(/^60:120 .* 299:598$/);
  });

  it('refuses times that are no numbers', () => {
    const ref = store.ref(series('m'));
    for (const time of [NaN, Infinity, -Infinity]) store.append(ref, time, 1);
    expect(store.stats()).toMatchObject({ outOfOrderRefused: 3, headSamples: 0, series: 0 });
  });

  it('commits and closes when its signal says so', () => {
    store.close();
    const stop = new AbortController();
    store = folder.open({ signal: stop.signal });
    scrape(0, 1);
    store.append(store.ref(series('m0', { instance: 'a' })), at(1), 5);
    stop.abort();
    store = folder.open();
    expect(all()['m0{instance="a"}']).toBe('0:0 1:5');
  });

  it('works in memory', () => {
    const clock = { now: () => START_MS, monotonic: () => 0, after: () => () => undefined };
    const memory = openMetricStore({
      file: ':memory:',
      log: () => undefined,
      clock,
      retention: { maxAgeMs: Infinity, maxSizeBytes: Infinity },
    });
    const ref = memory.ref(series('m'));
    for (let step = 0; step < 1000; step++) {
      memory.append(ref, at(step), step);
      memory.commit();
    }
    expect(memory.select(named('m'), at(0), at(2000))[0]?.values.length).toBe(1000);
    memory.close();
  });
});
