import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { AnyRouter, RouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { MessageChannel, type MessagePort, type Transferable, Worker, workerData } from 'node:worker_threads';
import type { Log } from '../log.ts';
import type { Clock } from '../schedule/clock.ts';
import { type Channel, channelTo } from './channel.ts';

/** What a worker gets to start with: the port of its calls, and plain data of its own. */
interface WorkerStart<Data> {
  readonly port: MessagePort;
  readonly data: Data;
}

/**
 * Values cross by structured clone, so columns stay typed arrays; nothing is taken away from the sender. The message that
 * opens a stream has to be encoded instead: its body is an iterator, which cannot be cloned, and only the encoding says
 * in its headers that a stream follows. The values of the stream are cloned again.
 */
const byStructuredClone = {
  experimental_transfer: ([, , payload]: readonly [id: string, type: unknown, payload?: unknown]): object[] | null =>
    opensStream(payload) ? null : [],
};

function opensStream(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null || !('body' in payload)) return false;
  const { body } = payload;
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** In a worker: the data that it was started with, as the options of its start typed it. */
export function startData(): unknown {
  return (workerData as WorkerStart<unknown>).data;
}

/** In a worker: answer the calls of the main thread. */
export function serveWorker(router: AnyRouter): void {
  const { port } = workerData as WorkerStart<unknown>;
  new RPCHandler(router, byStructuredClone).upgrade(withoutEvents(port));
}

/**
 * A port as an emitter. Listened to as an event target, Node makes an event of each message, and takes the class of
 * events from the HTTP client of its fetch API: 9 MB in each thread.
 */
function withoutEvents(port: MessagePort): EmittingPort {
  return {
    on(event, listener) {
      port.on(event, (data?: unknown) => {
        listener({ data });
      });
    },
    postMessage: (message, transfer) => {
      port.postMessage(message, transfer as Transferable[] | undefined);
    },
  };
}

interface EmittingPort {
  on(event: string, listener: (event?: { data: unknown }) => void): void;
  postMessage(message: unknown, transfer?: unknown[]): void;
}

export interface WorkerStatus {
  readonly state: 'starting' | 'running' | 'restarting' | 'stopped';
  readonly restarts: number;
  readonly lastError: string | null;
}

export interface WorkerLink<R extends AnyRouter> {
  /** The calls of the worker that runs now; a call to one that has died fails with `UNAVAILABLE`. */
  client(): RouterClient<R>;
  status(): WorkerStatus;
  stop(): Promise<void>;
}

export interface WorkerOptions<R extends AnyRouter, Data> {
  readonly name: string;
  readonly entry: URL;
  readonly data: Data;
  readonly clock: Clock;
  readonly log: Log;
  /** Called for each start, the first and every one after a death: give the worker its configuration. */
  readonly onStart: (client: RouterClient<R>, channel: Channel) => Promise<void>;
  readonly onStatus?: (status: WorkerStatus) => void;
  /** The last call before the thread ends: let it write what it holds. */
  readonly onStop: (client: RouterClient<R>) => Promise<void>;
}

const RESTART_DELAYS_MS = [0, 1_000, 2_000, 5_000, 10_000];
/** A worker that ran this long had recovered: its next death starts with the first delay again. */
const STABLE_AFTER_MS = 60_000;

/**
 * Run a worker thread, call it, and start it again when it dies. Resolves when its first `onStart` is through.
 *
 * @throws when the first start fails: the program cannot do its work without it
 */
export async function startWorker<R extends AnyRouter, Data>(options: WorkerOptions<R, Data>): Promise<WorkerLink<R>> {
  const { name, clock, log } = options;
  let status: WorkerStatus = { state: 'starting', restarts: 0, lastError: null };
  let running: { worker: Worker; port: MessagePort; client: RouterClient<R> } | null = null;
  let failures = 0;
  let cancelRestart = (): void => undefined;

  const setStatus = (changes: Partial<WorkerStatus>): void => {
    status = { ...status, ...changes };
    options.onStatus?.(status);
  };

  async function launch(): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(options.entry, {
      name,
      workerData: { port: port2, data: options.data } satisfies WorkerStart<Data>,
      transferList: [port2],
    });
    const client = createORPCClient<RouterClient<R>>(new RPCLink({ port: withoutEvents(port1), ...byStructuredClone }));
    const startedAt = clock.monotonic();
    running = { worker, port: port1, client };
    const died = new Promise<never>((_resolve, reject) => {
      let error: Error | null = null;
      worker.on('error', (cause) => (error = cause instanceof Error ? cause : new Error(String(cause))));
      worker.on('exit', (code) => {
        port1.close();
        running = null;
        const reason = error ?? new Error(`The ${name} worker ended with code ${String(code)}.`);
        if (status.state === 'running') scheduleRestart(reason, clock.monotonic() - startedAt);
        reject(reason);
      });
    });
    try {
      await Promise.race([options.onStart(client, channelTo(worker, name)), died]);
    } catch (cause) {
      // It may live although its start failed, and two must not work on the same files.
      await worker.terminate();
      throw cause;
    }
    died.catch(() => undefined); // From here on a death is handled by the restart above.
    setStatus({ state: 'running' });
  }

  function scheduleRestart(reason: Error, ranMs: number): void {
    failures = ranMs > STABLE_AFTER_MS ? 0 : failures;
    const delayMs = RESTART_DELAYS_MS[Math.min(failures, RESTART_DELAYS_MS.length - 1)] ?? 0;
    failures += 1;
    log('error', `The ${name} worker died and is started again: ${reason.message}`, { stack: reason.stack ?? '' });
    setStatus({ state: 'restarting', restarts: status.restarts + 1, lastError: reason.message });
    cancelRestart = clock.after(delayMs, () => {
      launch().catch((error: unknown) => {
        if (status.state !== 'stopped') scheduleRestart(error instanceof Error ? error : new Error(String(error)), 0);
      });
    });
  }

  await launch();
  return {
    client() {
      if (running === null) throw new Error(`The ${name} worker is not running.`);
      return running.client;
    },
    status: () => status,
    async stop() {
      cancelRestart();
      const last = running;
      setStatus({ state: 'stopped' });
      if (last === null) return;
      try {
        await options.onStop(last.client);
      } finally {
        await last.worker.terminate();
      }
    },
  };
}
