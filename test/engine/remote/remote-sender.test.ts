import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRemoteQueue, type RemoteQueue } from '../../../electron/engine/remote/remote-queue.ts';
import type { RemoteWriteConfig } from '../../../electron/engine/config/index.ts';
import { readWriteRequest, readWriteRequest2 } from '../../../electron/engine/remote/read-write-request.ts';
import { startRemoteSender, type RemoteSender } from '../../../electron/engine/remote/remote-sender.ts';
import { compressSnappy, decompressSnappy } from '../../../electron/engine/remote/snappy.ts';
import { writeRequest } from '../../../electron/engine/remote/write-request.ts';
import { systemClock } from '../../../electron/engine/schedule/clock.ts';
import { createManualClock, type ManualClock } from '../../doubles/manual-clock.ts';

interface Arrival {
  readonly names: readonly string[];
  readonly authorization: string;
}

describe('the sender of remote write', () => {
  let server: Server;
  let queue: RemoteQueue;
  let clock: ManualClock;
  let sender: RemoteSender;
  let arrivals: Arrival[];
  /** What the sender has asked the clock for: the limit of a request, or a pause. */
  let waits: number[];
  let arrived: (count: number) => Promise<void>;
  /** What the receiver says to a request. */
  let answer: (names: readonly string[]) => { status: number; headers?: Record<string, string> };

  beforeEach(async () => {
    arrivals = [];
    waits = [];
    let notify = (): void => undefined;
    arrived = async (count) => {
      while (arrivals.length < count) await new Promise<void>((resolve) => (notify = resolve));
    };
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const message = decompressSnappy(Buffer.concat(parts), 1e6);
        const isVersion2 = request.headers['content-type']?.includes('proto=io.prometheus.write.v2.Request') === true;
        expect(request.headers['x-prometheus-remote-write-version']).toBe(isVersion2 ? '2.0.0' : '0.1.0');
        const names = [...(isVersion2 ? readWriteRequest2 : readWriteRequest)(message)].map(
          ({ labels }) => labels[1] ?? '',
        );
        const { status, headers = {} } = answer(names);
        response.writeHead(status, headers).end('because');
        arrivals.push({ names, authorization: request.headers.authorization ?? '' });
        notify();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    answer = () => ({ status: 204 });
    clock = createManualClock();
    queue = openRemoteQueue({ file: ':memory:', clock, log: () => undefined });
    queue.setReceivers(['there']);
  });
  afterEach(() => {
    sender.stop();
    queue.close();
    server.close();
  });

  function start(protobufMessage: RemoteWriteConfig['protobufMessage'] = 'prometheus.WriteRequest'): void {
    sender = startRemoteSender({
      config: {
        name: 'there',
        url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/v1/write`,
        headers: {},
        followRedirects: true,
        tls: { caFile: null, serverName: null, insecureSkipVerify: false },
        basicAuth: { username: 'me', password: { kind: 'inline', reveal: () => 'secret' } },
        authorization: null,
        timeoutMs: 60_000,
        protobufMessage,
        maxSamplesPerSend: 2_000,
        minBackoffMs: 100,
        maxBackoffMs: 5_000,
      },
      receiver: 'there',
      queue,
      revealSecret: () => Promise.resolve({ ok: true, value: 'secret' }),
      userAgent: 'Vedette/test',
      clock: {
        ...clock,
        after(delayMs, run) {
          waits.push(delayMs);
          return clock.after(delayMs, run);
        },
      },
      log: () => undefined,
    });
  }
  const push = (...names: string[]): void => {
    const series = names.map((name) => ({ labels: ['__name__', name], samples: [{ timestampMs: 1, value: 1, isStale: false }] })); // prettier-ignore
    queue.push([{ samples: names.length, body: compressSnappy(writeRequest(series)) }]);
  };
  /** The queue is empty only after the answer was taken, a moment after it was sent. */
  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue()) await new Promise<void>((resolve) => systemClock.after(1, resolve));
  };
  const isEmpty = (): boolean => queue.next('there') === null;

  it('sends version 2.0 where it is asked for, and holds back what a receiver of 1.0 alone would not take', async () => {
    const message = 'io.prometheus.write.v2.Request';
    const answers = [{ status: 204 }, { status: 415 }];
    answer = () => answers.shift() ?? { status: 204, headers: { 'X-Prometheus-Remote-Write-Samples-Written': '2' } };
    push('a', 'b');
    start(message);
    await arrived(1);
    await until(() => sender.status().lastError !== '');
    expect(sender.status().lastError).toContain('protobuf_message: prometheus.WriteRequest');
    for (const waitMs of [100, 200]) {
      await until(() => waits.at(-1) === waitMs);
      expect(isEmpty()).toBe(false);
      clock.advance(waitMs);
    }
    await until(isEmpty);
    expect(arrivals.map(({ names }) => names)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(sender.status()).toMatchObject({ sentSamples: 2, refusedSeries: 0 });
  });

  it('sends in order, with its credentials, and takes from the queue what arrived', async () => {
    push('a', 'b');
    push('c');
    start();
    await until(isEmpty);
    expect(arrivals.map(({ names }) => names)).toEqual([['a', 'b'], ['c']]);
    expect(arrivals[0]?.authorization).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
    push('d');
    sender.wake();
    await until(isEmpty);
    expect(sender.status()).toMatchObject({ sentSamples: 4, pendingSamples: 0, lastError: '' });
  });

  it('tries again for as long as the receiver is unwell, and loses nothing', async () => {
    const statuses = [500, 503, 429, 401];
    answer = () => ({ status: statuses.shift() ?? 200 });
    push('a');
    start();
    for (const [attempt, waitMs] of [100, 200, 400, 800].entries()) {
      await arrived(attempt + 1);
      await until(() => waits.at(-1) === waitMs);
      clock.advance(waitMs - 1);
      expect(arrivals).toHaveLength(attempt + 1);
      clock.advance(1);
    }
    await until(isEmpty);
    expect(arrivals).toHaveLength(5);
  });

  it('waits as long as the receiver asks for', async () => {
    const replies = [{ status: 429, headers: { 'retry-after': '30' } }, { status: 204 }];
    answer = () => replies.shift() ?? { status: 204 };
    push('a');
    start();
    await arrived(1);
    await until(() => waits.at(-1) === 30_000);
    clock.advance(29_999);
    expect(arrivals).toHaveLength(1);
    clock.advance(1);
    await until(isEmpty);
  });

  it('saves what is good of a request that the receiver refuses, and counts what is not', async () => {
    answer = (names) => ({ status: names.includes('bad') ? 400 : 204 });
    push('a', 'b', 'bad', 'c', 'd');
    push('e');
    start();
    await until(isEmpty);
    const taken = arrivals.flatMap(({ names }) => (names.includes('bad') ? [] : names));
    expect(taken.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(sender.status()).toMatchObject({ refusedSeries: 1 });
  });
});
