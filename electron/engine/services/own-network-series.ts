import { networkInterfaces } from 'node:os';
import { labelsFrom, METRIC_NAME } from '../../../shared/model/labels.ts';
import { createAskAnchors } from '../collect/judge/ask-anchors.ts';
import { startNetworkWatch, type NetworkWatch } from '../collect/judge/network-watch.ts';
import type { SampleSink } from '../collect/sample-sink.ts';
import type { TargetStatus } from '../collect/scrape/index.ts';
import { SELF_JOB } from '../config/index.ts';
import type { Log } from '../log.ts';
import type { Clock, Scheduler } from '../schedule/index.ts';

export interface OwnNetworkOptions {
  /** `host:port` of what the operator named as anchors. */
  readonly anchors: () => readonly string[];
  readonly targets: () => Promise<readonly TargetStatus[]>;
  readonly sink: SampleSink;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly log: Log;
  readonly onChange: () => void;
}

export interface OwnNetwork extends NetworkWatch {
  /** The health of scrape targets has changed: those that fail may fail for our sake. */
  lookAtTargets(): Promise<void>;
}

const SERIES = labelsFrom([
  [METRIC_NAME, 'vedette_own_network_up'],
  ['job', SELF_JOB],
  ['instance', 'self'],
]);
const EVERY_MS = 15_000;
const ADDRESSES_AGE_MS = 10_000;

/** Watch this machine's own network, and tell rules of it as a series. */
export function watchOwnNetwork(options: OwnNetworkOptions): OwnNetwork {
  const { sink, scheduler, clock, log } = options;
  let addresses: { readonly atMs: number; readonly list: readonly string[] } | null = null;
  const ref = sink.ref(SERIES);
  const write = (at: number): void => {
    sink.append(ref, at, watch.status().reach === 'everywhere' ? 1 : 0);
  };
  const watch = startNetworkWatch({
    askAnchors: createAskAnchors(clock, options.anchors),
    ownAddresses() {
      if (addresses === null || clock.monotonic() - addresses.atMs > ADDRESSES_AGE_MS) {
        addresses = { atMs: clock.monotonic(), list: readOwnAddresses() };
      }
      return addresses.list;
    },
    scheduler,
    clock,
    log,
    onChange() {
      write(clock.now());
      options.onChange();
    },
  });
  const endSeries = scheduler.every({
    key: 'own network (series)',
    intervalMs: EVERY_MS,
    isEager: true,
    run: ({ scheduledAt }) => {
      write(scheduledAt);
    },
  });
  return {
    ...watch,
    async lookAtTargets() {
      for (const { health, scrapeUrl } of await options.targets()) {
        const host = URL.parse(scrapeUrl)?.hostname ?? '';
        if (health === 'up') watch.note(host, true);
        else if (health === 'down') await watch.suspect(host);
      }
    },
    stop() {
      endSeries();
      watch.stop();
    },
  };
}

function readOwnAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address.toLowerCase()));
}
