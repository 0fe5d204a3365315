import type { RouterClient } from '@orpc/server';
import type { MetricsCalls } from '../threads/metrics-calls.ts';
import type { PrometheusPort, PrometheusReply, PrometheusRequest, RemoteWriteReply } from './endpoint.ts';
import { instanceStatus, type InstanceFacts } from './instance-status.ts';
import type { Questions } from './ask-questions.ts';
import { failure, replyBytes, success, type TextReply } from './reply.ts';

export interface PrometheusPortOptions {
  readonly facts: InstanceFacts;
  readonly metrics: () => Pick<RouterClient<MetricsCalls>, 'remoteWrite'>;
  /** To the thread of the store. */
  readonly questions: () => Questions;
  /** Ask another server instead; null when no data source has the name. */
  readonly askDataSource: (request: PrometheusRequest, signal: AbortSignal) => Promise<PrometheusReply | null>;
}

/** Requests that wait for the thread of the store, together; more are asked to come back. */
const MOST_WAITING_BYTES = 32 * 1024 * 1024;
const OVERLOADED: RemoteWriteReply = {
  status: 429,
  message: 'too many samples wait to be stored; nothing of this request was taken',
  headers: { 'Retry-After': '1' },
};

/** Prometheus's API as the main thread offers it: what it knows itself, and for the rest the thread that has the data. */
export function createPrometheusPort({
  facts,
  metrics,
  questions,
  askDataSource,
}: PrometheusPortOptions): PrometheusPort {
  let waitingBytes = 0;
  return {
    async ask(request, signal) {
      if (request.dataSource !== null) {
        const reply = await askDataSource(request, signal);
        return reply ?? whole(failure('not_found', `there is no data source ${JSON.stringify(request.dataSource)}`));
      }
      const own = instanceStatus(request.path, facts);
      if (own !== undefined) return whole(success(own));
      const { path, params } = request;
      return questions().ask({ path, params }, signal);
    },
    async write(request) {
      if (waitingBytes > 0 && waitingBytes + request.body.length > MOST_WAITING_BYTES) return OVERLOADED;
      waitingBytes += request.body.length;
      try {
        return await metrics().remoteWrite(request);
      } finally {
        waitingBytes -= request.body.length;
      }
    },
  };
}

/** A short text as it is. */
function whole(reply: TextReply): PrometheusReply {
  const { status, contentType } = reply;
  return { status, contentType, contentEncoding: null, body: replyBytes(reply) };
}
