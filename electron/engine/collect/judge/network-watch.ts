import type { Log } from '../../log.ts';
import type { Clock, Scheduler } from '../../schedule/index.ts';
import { scopeOf } from './address-scope.ts';
import type { Scope } from './address-scope.ts';
import type { AskAnchors } from './ask-anchors.ts';
import { isCutOff, isSuspicious, judgeReach } from './own-network.ts';
import type { HostEvidence, Reach } from './own-network.ts';

/** Knows whether this machine's own network works, so that nobody else is blamed when it does not. */
export interface NetworkWatch {
  /** Since when it reaches how far, in epoch milliseconds. */
  status(): { readonly reach: Reach; readonly sinceMs: number };
  /** A host answered, or there was no way to it. */
  note(host: string, isReachable: boolean): void;
  /** Whether our own network is to blame that a host cannot be reached. Asks the anchors when that is not known. */
  isToBlame(host: string): Promise<boolean>;
  /** Something that is not a check has no way to a host: look whether that is our network. */
  suspect(host: string): Promise<void>;
  stop(): void;
}

export interface NetworkWatchOptions {
  readonly askAnchors: AskAnchors;
  readonly ownAddresses: () => readonly string[];
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly log: Log;
  readonly onChange: (reach: Reach) => void;
}

interface KnownHost extends HostEvidence {
  readonly atMs: number;
  readonly failingSinceMs: number;
}

/** A report of the anchors is good for so long. */
const REPORT_MS = 5000;
const LOOK_AGAIN_MS = 10_000;

export function startNetworkWatch(options: NetworkWatchOptions): NetworkWatch {
  const { askAnchors, scheduler, clock, log, onChange } = options;
  const hosts = new Map<string, KnownHost>();
  let reach: Reach = 'everywhere';
  let sinceMs = clock.now();
  /** Monotonic time of the first failure that belongs to the loss of the network. */
  let lostAtMs = 0;
  let asked: { readonly atMs: number; readonly report: ReturnType<AskAnchors> } | null = null;

  const scope = (host: string): Scope => scopeOf(host, options.ownAddresses());

  /** The last results that were found after a moment: what was well before it says nothing about now. */
  const evidence = (fromMs: number): HostEvidence[] => [...hosts.values()].filter(({ atMs }) => atMs >= fromMs);

  async function judge(fromMs: number): Promise<void> {
    const nowMs = clock.monotonic();
    if (asked === null || nowMs - asked.atMs >= REPORT_MS) asked = { atMs: nowMs, report: askAnchors() };
    const report = await asked.report;
    if (reach === 'everywhere') lostAtMs = fromMs;
    set(judgeReach(evidence(fromMs), report));
  }

  function set(next: Reach): void {
    if (next === reach) return;
    reach = next;
    sinceMs = clock.now();
    log(next === 'everywhere' ? 'info' : 'warn', WORDS[next]);
    onChange(next);
  }

  const dispose = scheduler.every({
    key: 'own network',
    intervalMs: LOOK_AGAIN_MS,
    run: () => (reach === 'everywhere' ? undefined : judge(lostAtMs)),
  });

  return {
    status: () => ({ reach, sinceMs }),
    note(host, isReachable) {
      const where = scope(host);
      if (where === 'self') return;
      const atMs = clock.monotonic();
      const before = hosts.get(host);
      const failingSinceMs = before?.isFailing === true ? before.failingSinceMs : atMs;
      hosts.set(host, { scope: where, isFailing: !isReachable, atMs, failingSinceMs });
      // One answer from where nothing should answer proves the way there.
      if (isReachable && isCutOff(where, reach)) set(where === 'beyond' ? 'everywhere' : 'neighbours');
    },
    async isToBlame(host) {
      const where = scope(host);
      if (where === 'self') return false;
      const fromMs = hosts.get(host)?.failingSinceMs ?? clock.monotonic();
      if (reach === 'everywhere' && isSuspicious(evidence(fromMs))) await judge(fromMs);
      return isCutOff(where, reach);
    },
    async suspect(host) {
      this.note(host, false);
      await this.isToBlame(host);
    },
    stop: dispose,
  };
}

const WORDS: Readonly<Record<Reach, string>> = {
  everywhere: "This machine's network works again.",
  neighbours: "This machine's network leads no further than its neighbours: what lies beyond is not judged.",
  nowhere: 'This machine has no network: what is not on this machine is not judged.',
};
