import { labelPairs, labelsFrom, labelValue, METRIC_NAME, type Labels } from '../../../shared/model/labels.ts';
import type { SampleSink } from '../collect/sample-sink.ts';
import type { RemoteWriteReply, RemoteWriteRequest } from '../prometheus/endpoint.ts';
import type { Clock } from '../schedule/index.ts';
import type { RefusedSamples } from '../store/metrics/index.ts';
import { readWriteRequest, readWriteRequest2, type WrittenSeries } from './read-write-request.ts';
import { decompressSnappy, MalformedData } from './snappy.ts';

export interface ReceiverOptions {
  readonly sink: SampleSink;
  /** How many samples the store has left out since its start; what changes over a request is the request's. */
  readonly refused: () => RefusedSamples;
  /** Make what was written safe; a success is answered only after it. */
  readonly commit: () => void;
  readonly clock: Clock;
}

/** A message is at most this long when it is unpacked. Source: the limit of Prometheus's own decoder for remote reads. */
const MOST_BYTES = 64 * 1024 * 1024;
/** How far ahead of this machine's clock a sample may be. */
const MOST_AHEAD_MS = 10 * 60_000;

/**
 * The receiver of remote write, versions 1.0 and 2.0. What can be stored is; if anything cannot, the answer is 400 and
 * says what and how much, so that the sender neither repeats it nor believes that all is well.
 * Source: Prometheus, "Remote-Write 1.0" and "2.0" specifications.
 */
export function createSampleReceiver(options: ReceiverOptions): (request: RemoteWriteRequest) => RemoteWriteReply {
  const { sink, clock } = options;

  return (request) => {
    const version = versionOf(request.contentType);
    if (version === null) return refusal(415, `the content type "${request.contentType}" is not that of remote write`);
    if (request.contentEncoding !== '' && request.contentEncoding !== 'snappy') {
      return refusal(415, `the content encoding "${request.contentEncoding}" is not snappy`);
    }
    const count = createCount();
    const before = options.refused();
    try {
      const message = decompressSnappy(request.body, MOST_BYTES);
      for (const series of version === 1 ? readWriteRequest(message) : readWriteRequest2(message)) store(series, count);
    } catch (error) {
      if (!(error instanceof MalformedData)) throw error;
      // What stood before the fault is kept: sent again, it is a repetition.
      options.commit();
      return refusal(400, `the request cannot be read: ${error.message}`);
    }
    options.commit();
    const after = options.refused();
    const tooOld = after.tooOld - before.tooOld;
    const conflicting = after.conflicting - before.conflicting;
    const beyondLimit = after.beyondLimit - before.beyondLimit;
    const problems = [
      ...count.problems,
      ...told(tooOld, 'out of order sample: older than the newest one of its series by more than the window'),
      ...told(conflicting, 'duplicate sample for timestamp: another value is stored for it'),
      ...told(beyondLimit, 'limit of series: the sample is of a new series, and there are as many as may be'),
    ];
    const headers = version === 1 ? {} : writtenHeaders(count.samples - tooOld - conflicting - beyondLimit);
    if (problems.length === 0) return { status: 204, message: '', headers };
    return { status: 400, message: problems.join('; '), headers };
  };

  function store({ labels: sent, samples, histograms }: WrittenSeries, count: Count): void {
    if (histograms > 0) count.note('native histograms are not stored', histograms);
    if (samples.length === 0) return;
    const { labels, fault } = checkedLabels(sent);
    if (fault !== null) {
      count.note(fault, samples.length);
      return;
    }
    const latestMs = clock.now() + MOST_AHEAD_MS;
    const ref = sink.ref(labels);
    for (const { timestampMs, value, isStale } of samples) {
      if (timestampMs > latestMs) {
        count.note('out of bounds: the sample is too far in the future', 1);
        continue;
      }
      count.samples++;
      if (isStale) sink.appendStale(ref, timestampMs);
      else sink.append(ref, timestampMs, value);
    }
  }
}

interface Count {
  /** Handed to the store. */
  samples: number;
  readonly problems: string[];
  note(problem: string, times: number): void;
}

function createCount(): Count {
  const noted = new Map<string, number>();
  return {
    samples: 0,
    get problems() {
      return [...noted].flatMap(([problem, times]) => told(times, problem));
    },
    note(problem, times) {
      noted.set(problem, (noted.get(problem) ?? 0) + times);
    },
  };
}

function told(times: number, problem: string): string[] {
  return times === 0 ? [] : [`${problem} (${String(times)})`];
}

/** The name has to be there, and no label twice or without a name. */
function checkedLabels(sent: readonly string[]): { readonly labels: Labels; readonly fault: string | null } {
  const labels = labelsFrom(labelPairs(sent));
  if (sent.length % 2 !== 0) return { labels, fault: 'a label has no value' };
  if (labelValue(labels, METRIC_NAME) === '') return { labels, fault: 'a series has no name' };
  const names = [...labelPairs(sent)].map(([name]) => name);
  if (names.includes('')) return { labels, fault: 'a label has no name' };
  if (new Set(names).size !== names.length) return { labels, fault: 'a label is given twice' };
  return { labels, fault: null };
}

/** The version of the protocol; null for anything else. A missing type is that of the first version. */
function versionOf(contentType: string): 1 | 2 | null {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (type !== '' && type !== 'application/x-protobuf') return null;
  const proto = parameters.find((parameter) => parameter.startsWith('proto='))?.slice('proto='.length);
  if (proto === undefined || proto === 'prometheus.writerequest') return 1;
  return proto === 'io.prometheus.write.v2.request' ? 2 : null;
}

function writtenHeaders(samples: number): Record<string, string> {
  return {
    'X-Prometheus-Remote-Write-Samples-Written': String(samples),
    'X-Prometheus-Remote-Write-Histograms-Written': '0',
    'X-Prometheus-Remote-Write-Exemplars-Written': '0',
  };
}

function refusal(status: number, message: string): RemoteWriteReply {
  return { status, message, headers: {} };
}
