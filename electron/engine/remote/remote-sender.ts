import { explainNetworkError } from '../collect/network-problem.ts';
import type { RevealSecret } from '../collect/reveal-secret.ts';
import type { RemoteWriteConfig } from '../config/index.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../schedule/index.ts';
import { connectServer } from './ask-server.ts';
import { judgeAnswer, type Verdict } from './judge-answer.ts';
import type { RemoteQueue } from './remote-queue.ts';
import { asVersion2 } from './write-request2.ts';
import { splitRequest } from './split-request.ts';

export interface SenderOptions {
  readonly config: RemoteWriteConfig;
  /** The name of the receiver in the queue. */
  readonly receiver: string;
  readonly queue: RemoteQueue;
  readonly revealSecret: RevealSecret;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SenderStatus {
  readonly name: string;
  /** Samples since the start. */
  readonly sentSamples: number;
  /** Series that the receiver refused since the start, each with what it had in one request. */
  readonly refusedSeries: number;
  readonly pendingSamples: number;
  /** Why the last attempt failed; '' when it did not. */
  readonly lastError: string;
}

export interface RemoteSender {
  /** There may be something to send. */
  wake(): void;
  status(): SenderStatus;
  /** What is under way is given up, and stays in the queue. */
  stop(): void;
}

/** Source: Prometheus, "Remote-Write 1.0 specification" and "Remote-Write 2.0 specification". */
const HEADERS = {
  'prometheus.WriteRequest': {
    'Content-Encoding': 'snappy',
    'Content-Type': 'application/x-protobuf',
    'X-Prometheus-Remote-Write-Version': '0.1.0',
  },
  'io.prometheus.write.v2.Request': {
    'Content-Encoding': 'snappy',
    'Content-Type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'X-Prometheus-Remote-Write-Version': '2.0.0',
  },
} as const;
/** A receiver of version 2.0 says how much it took; one that does not has taken nothing, whatever its status. */
const WRITTEN_HEADER = 'x-prometheus-remote-write-samples-written';
const UNSUPPORTED_MEDIA_TYPE = 415;
/** A refused request is split to save what is good of it; the number of attempts is bounded. */
const MOST_ATTEMPTS_TO_SPLIT = 200;
const MOST_ANSWER_BYTES = 1024;

/**
 * Send what is queued for one receiver, in order and one request at a time. A request leaves the queue only when the
 * receiver has it, so that after a sudden end at most the one that was under way is sent twice.
 */
export function startRemoteSender(options: SenderOptions): RemoteSender {
  const { config, receiver, queue, clock, log } = options;
  const connection = connectServer(config, options.revealSecret, { mostSockets: 1, userAgent: options.userAgent });
  const stopped = new AbortController();
  const { protobufMessage } = config;
  const isVersion2 = protobufMessage === 'io.prometheus.write.v2.Request';
  const shownHost = URL.parse(config.url)?.host ?? config.name;
  let wakeUp = (): void => undefined;
  let endSleep = (): void => undefined;
  let isAwake = true;
  let [sentSamples, refusedSeries, lastError] = [0, 0, ''];

  /** A function, as it changes while others wait. */
  const isStopped = (): boolean => stopped.signal.aborted;

  async function run(): Promise<void> {
    let backoffMs = config.minBackoffMs;
    while (!isStopped()) {
      const request = queue.next(receiver);
      if (request === null) {
        await sleep(null);
        continue;
      }
      const verdict = await deliver(request.body);
      if (isStopped()) return;
      if (verdict.kind === 'retry') {
        await sleep(verdict.afterMs ?? backoffMs);
        backoffMs = Math.min(backoffMs * 2, config.maxBackoffMs);
        continue;
      }
      backoffMs = config.minBackoffMs;
      queue.confirm(receiver, request.id);
      if (verdict.kind === 'accepted') {
        sentSamples += request.samples;
        if (lastError !== '') log('info', `remote_write to ${shownHost} works again.`);
        lastError = '';
      }
    }
  }

  /** Send a request; one that is refused is sent again in parts. `refused` when a part of it is lost. */
  async function deliver(body: Uint8Array): Promise<Verdict> {
    const first = await attempt(body);
    if (first.kind !== 'refused') return first;
    const reason = lastError;
    let [attempts, lost] = [0, 0];
    const open = [body];
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      const halves = attempts < MOST_ATTEMPTS_TO_SPLIT ? splitRequest(part) : null;
      if (halves === null) {
        lost++;
        continue;
      }
      for (const half of halves) {
        attempts++;
        const verdict = await attempt(half);
        // The whole request comes again; what the receiver has of it by now is a repetition.
        if (verdict.kind === 'retry') return verdict;
        if (verdict.kind === 'refused') open.push(half);
      }
    }
    refusedSeries += lost;
    lastError = reason;
    log('error', `${shownHost} refused samples of remote_write, which are given up: ${reason}`, { parts: lost });
    return { kind: 'refused' };
  }

  async function attempt(body: Uint8Array): Promise<Verdict> {
    const deadline = new AbortController();
    const cancelTimer = clock.after(config.timeoutMs, () => deadline.abort());
    const signal = AbortSignal.any([stopped.signal, deadline.signal]);
    try {
      const headers = HEADERS[protobufMessage];
      const sent = isVersion2 ? asVersion2(body) : body;
      const response = await connection.ask({ method: 'POST', url: config.url, headers, body: sent, signal });
      const text = await beginningOf(response.data);
      const isSuccess = response.status >= 200 && response.status < 300;
      const isOld = isSuccess
        ? response.headers[WRITTEN_HEADER] === undefined
        : response.status === UNSUPPORTED_MEDIA_TYPE;
      if (isVersion2 && isOld) {
        // For the owner to mend: with the other version nothing is lost.
        const verdict: Verdict = { kind: 'retry', afterMs: null };
        complain('it does not take version 2.0; set protobuf_message: prometheus.WriteRequest', verdict);
        return verdict;
      }
      const retryAfter: unknown = response.headers['retry-after'];
      const verdict = judgeAnswer(response.status, typeof retryAfter === 'string' ? retryAfter : null, clock.now());
      if (verdict.kind !== 'accepted') complain(`it answered ${String(response.status)}: ${text.trim()}`, verdict);
      return verdict;
    } catch (error) {
      const verdict: Verdict = { kind: 'retry', afterMs: null };
      if (isStopped()) return verdict;
      const late = `${shownHost} did not answer within ${String(config.timeoutMs / 1000)} s.`;
      complain(deadline.signal.aborted ? late : explainNetworkError(error, shownHost).message, verdict);
      return verdict;
    } finally {
      cancelTimer();
    }
  }

  /** Said once for each new reason. */
  function complain(reason: string, verdict: Verdict): void {
    if (reason !== lastError && verdict.kind === 'retry') {
      log('warn', `remote_write to ${shownHost} waits, nothing is lost: ${reason}`);
    }
    lastError = reason;
  }

  /** Until woken, or for so long whoever wakes. */
  function sleep(delayMs: number | null): Promise<void> {
    if (delayMs === null && isAwake) {
      isAwake = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const cancel = delayMs === null ? () => undefined : clock.after(delayMs, resolve);
      wakeUp = delayMs === null ? resolve : () => undefined;
      endSleep = () => {
        cancel();
        resolve();
      };
    });
  }

  run().catch((error: unknown) => {
    const cause = error instanceof Error ? error : new Error(String(error));
    log('error', `remote_write to ${shownHost} stopped: ${cause.message}`, { stack: cause.stack ?? '' });
  });

  return {
    wake() {
      isAwake = true;
      wakeUp();
    },
    status: () => ({
      name: config.name,
      sentSamples,
      refusedSeries,
      pendingSamples: queue.pending(receiver),
      lastError,
    }),
    stop() {
      stopped.abort();
      endSleep();
      connection.close();
    },
  };
}

async function beginningOf(stream: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += chunk.toString('utf8');
    if (text.length >= MOST_ANSWER_BYTES) break;
  }
  stream.destroy();
  return text.slice(0, MOST_ANSWER_BYTES);
}
