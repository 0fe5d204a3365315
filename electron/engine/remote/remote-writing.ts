import type { LabelRecord } from '../../../shared/model/labels.ts';
import type { HttpClientPorts } from '../collect/http/http-client.ts';
import type { RemoteWriteConfig } from '../config/index.ts';
import type { Log } from '../log.ts';
import type { MetricStore } from '../store/metrics/index.ts';
import { forwardSamples, type ForwardingSink } from './forward-samples.ts';
import { openRemoteQueue, type QueuedRequest, type RemoteQueue } from './remote-queue.ts';
import { serverKey } from './server-key.ts';
import { startRemoteSender, type RemoteSender, type SenderStatus } from './remote-sender.ts';

export interface RemoteWritingOptions extends HttpClientPorts {
  readonly store: MetricStore;
  /** The database of the queue; made when something is configured. */
  readonly file: string;
  readonly log: Log;
}

/** Everything that is stored also goes to other servers. */
export interface RemoteWriting {
  /** Where samples have to be written to. */
  readonly sink: ForwardingSink;
  configure(configs: readonly RemoteWriteConfig[], externalLabels: LabelRecord): void;
  /** Put what was written since the last call into the queue; to be called before the store commits. */
  flush(): void;
  status(): readonly SenderStatus[];
  close(): void;
}

/** While the queue cannot be written (disk full), so much waits in memory. */
const MOST_WAITING = 10_000;

export function createRemoteWriting(options: RemoteWritingOptions): RemoteWriting {
  const { store, log, clock } = options;
  const sink = forwardSamples(store);
  let queue: RemoteQueue | null = null;
  let senders: RemoteSender[] = [];
  let shown = '';
  let mostSamples = Infinity;
  let externalLabels: LabelRecord = {};
  let waiting: Omit<QueuedRequest, 'id'>[] = [];

  function flush(): void {
    if (queue === null) return;
    waiting.push(...sink.take(mostSamples, externalLabels));
    if (waiting.length === 0) return;
    if (waiting.length > MOST_WAITING) {
      const lost = waiting.splice(0, waiting.length - MOST_WAITING);
      const samples = lost.reduce((sum, request) => sum + request.samples, 0);
      log('error', `The queue of remote_write cannot be written: ${String(samples)} samples are given up.`, {
        samples,
      });
    }
    queue.push(waiting);
    waiting = [];
    for (const sender of senders) sender.wake();
  }

  function stopSenders(): void {
    for (const sender of senders) sender.stop();
    senders = [];
  }

  return {
    sink,
    configure(configs, labels) {
      flush();
      externalLabels = labels;
      mostSamples = Math.min(...configs.map((config) => config.maxSamplesPerSend));
      const description = configs.map(serverKey).join('\n');
      if (description === shown) return;
      shown = description;
      stopSenders();
      sink.setActive(configs.length > 0);
      if (configs.length === 0) {
        queue?.setReceivers([]);
        return;
      }
      queue ??= openRemoteQueue({ file: options.file, clock, log });
      const named = withNames(configs);
      queue.setReceivers(named.map(({ receiver }) => receiver));
      const open = queue;
      senders = named.map(({ receiver, config }) => startRemoteSender({ ...options, receiver, config, queue: open }));
    },
    flush,
    status: () => senders.map((sender) => sender.status()),
    close() {
      try {
        flush();
      } finally {
        stopSenders();
        queue?.close();
        queue = null;
      }
    },
  };
}

/** Two receivers of one name are told apart by their place. */
function withNames(configs: readonly RemoteWriteConfig[]): { receiver: string; config: RemoteWriteConfig }[] {
  const seen = new Map<string, number>();
  return configs.map((config) => {
    const count = (seen.get(config.name) ?? 0) + 1;
    seen.set(config.name, count);
    return { config, receiver: count === 1 ? config.name : `${config.name} ${String(count)}` };
  });
}
