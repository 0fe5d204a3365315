import { parentPort, type Worker } from 'node:worker_threads';

/** One end of plain messages between two threads, for what is asked so often that the cost of a call counts. */
export interface Channel {
  /** @param transfer memory that goes over to the receiver instead of being copied */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The other end is gone, and why. Never called in a worker, which ends with its channel. */
  onEnd(listener: (reason: Error) => void): void;
}

/** In the main thread: the channel to a worker. */
export function channelTo(worker: Worker, name: string): Channel {
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    onMessage: (listener) => {
      worker.on('message', listener);
    },
    onEnd: (listener) => {
      worker.once('exit', () => listener(new Error(`The ${name} worker ended.`)));
    },
  };
}

/** In a worker: the channel to the thread that started it. */
export function ownChannel(): Channel {
  const port = parentPort;
  if (port === null) throw new Error('This is no worker.');
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    onMessage: (listener) => {
      port.on('message', listener);
    },
    onEnd: () => undefined,
  };
}
