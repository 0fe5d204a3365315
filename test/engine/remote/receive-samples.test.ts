import { beforeEach, describe, expect, it } from 'vitest';
import type { RemoteWriteReply } from '../../../electron/engine/prometheus/endpoint.ts';
import { createSampleReceiver } from '../../../electron/engine/remote/receive-samples.ts';
import { compressSnappy } from '../../../electron/engine/remote/snappy.ts';
import { writeRequest, type OutgoingSeries } from '../../../electron/engine/remote/write-request.ts';
import { openMetricStore, type MetricStore } from '../../../electron/engine/store/metrics/index.ts';
import { createManualClock } from '../../doubles/manual-clock.ts';

const NOW = 1_700_000_000_000;
const sample = (ageMs: number, value: number, isStale = false) => ({ timestampMs: NOW - ageMs, value, isStale });

describe('the receiver of remote write', () => {
  let store: MetricStore;
  let commits: number;
  let receive: ReturnType<typeof createSampleReceiver>;
  beforeEach(() => {
    const clock = createManualClock(NOW);
    const retention = { maxAgeMs: Infinity, maxSizeBytes: Infinity };
    store = openMetricStore({ file: ':memory:', log: () => undefined, clock, retention });
    commits = 0;
    receive = createSampleReceiver({ sink: store, refused: () => store.refused(), commit: () => commits++, clock });
  });

  const send = (series: readonly OutgoingSeries[], contentType = 'application/x-protobuf'): RemoteWriteReply =>
    receive({ contentType, contentEncoding: 'snappy', body: compressSnappy(writeRequest(series)) });
  const stored = (): number[][] =>
    store.select([{ name: '__name__', operator: '=~', value: '.+' }], 0, Infinity).map(({ values }) => [...values]);

  it('stores, and says so only when it is safe', () => {
    expect(send([{ labels: ['__name__', 'a'], samples: [sample(2_000, 1), sample(1_000, 2)] }])).toMatchObject({ status: 204 }); // prettier-ignore
    expect(stored()).toEqual([[1, 2]]);
    expect(commits).toBe(1);
  });

  it('takes a repetition for a success', () => {
    const series = [{ labels: ['__name__', 'a'], samples: [sample(2_000, 1)] }];
    send(series);
    expect(send(series).status).toBe(204);
    expect(stored()).toEqual([[1]]);
  });

  it('stores what is good of a request and names what is not', () => {
    send([{ labels: ['__name__', 'a'], samples: [sample(0, 1)] }]);
    const reply = send([
      { labels: ['__name__', 'a'], samples: [sample(3_600_000, 5), sample(0, 9)] },
      { labels: ['job', 'no name'], samples: [sample(0, 1)] },
      { labels: ['__name__', 'b', 'x', '1', 'x', '2'], samples: [sample(0, 1)] },
      { labels: ['__name__', 'future'], samples: [sample(-3_600_000, 1)] },
      { labels: ['__name__', 'good'], samples: [sample(0, 7)] },
    ]);
    expect(reply.status).toBe(400);
    for (const part of [
      'out of order sample',
      'duplicate sample',
      'no name (1)',
      'given twice (1)',
      'in the future (1)',
    ]) {
      expect(reply.message).toContain(part);
    }
    expect(stored()).toEqual([[1], [7]]);
  });

  it('says of what is beyond the limit of series that it was not stored', () => {
    const clock = createManualClock(NOW);
    const retention = { maxAgeMs: Infinity, maxSizeBytes: Infinity };
    const limits = { total: 1, metric: 1, target: 1 };
    store = openMetricStore({ file: ':memory:', log: () => undefined, clock, retention, limits });
    receive = createSampleReceiver({ sink: store, refused: () => store.refused(), commit: () => commits++, clock });
    const reply = send([
      { labels: ['__name__', 'a'], samples: [sample(0, 1)] },
      { labels: ['__name__', 'b'], samples: [sample(1_000, 2), sample(0, 3)] },
    ]);
    expect(reply).toMatchObject({ status: 400, message: expect.stringContaining('limit of series') as string });
    expect(reply.message).toContain('(2)');
    expect(stored()).toEqual([[1]]);
  });

  it('refuses what it cannot read', () => {
    const body = Uint8Array.of(9, 9);
    expect(receive({ contentType: 'text/plain', contentEncoding: '', body }).status).toBe(415);
    expect(receive({ contentType: '', contentEncoding: 'gzip', body }).status).toBe(415);
    expect(receive({ contentType: 'application/x-protobuf', contentEncoding: 'snappy', body })).toMatchObject({
      status: 400,
      message: expect.stringContaining('snappy') as string,
    });
  });

  it('tells a sender of version 2.0 how much was written', () => {
    const reply = send([], 'application/x-protobuf;proto=io.prometheus.write.v2.request');
    expect(reply).toMatchObject({ status: 204, headers: { 'X-Prometheus-Remote-Write-Samples-Written': '0' } });
  });
});
