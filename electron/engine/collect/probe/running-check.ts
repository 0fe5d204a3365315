import type { LabelRecord } from '../../../../shared/model/labels.ts';
import { probeTarget } from '../../config/index.ts';
import type { CheckConfig, ProbeKindName } from '../../config/index.ts';
import type { HistoryState } from '../judge/check-memory.ts';
import { changePercent } from '../judge/flapping.ts';
import type { Flapping } from '../judge/flapping.ts';
import type { ActiveMaintenance } from '../judge/maintenance.ts';

import type { CheckSeries, JudgedState } from './check-series.ts';
import type { CheckStanding, ResultSummary } from './check-state.ts';
import type { Probe, ProbeResult } from './probe.ts';

/** A check, where it stands, and what it found lately. */
export interface CheckStatus extends CheckStanding {
  readonly name: string;
  readonly kind: ProbeKindName;
  /** Whom it asks: a URL, `host:port`, a path; without a password. */
  readonly address: string;
  readonly labels: LabelRecord;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Names of checks without which it cannot answer. */
  readonly dependsOn: readonly string[];
  /** The dependency that is down, while the state is `unreachable`. */
  readonly unreachableBy: string | null;
  readonly isFlapping: boolean;
  /** Weighted share of changes among the last 21 results, in percent. */
  readonly changePercent: number;
  /** The maintenance that is going on. */
  readonly maintenance: ActiveMaintenance | null;
  /** The last result in full; null before the first. */
  readonly last: (ProbeResult & { readonly at: number }) | null;
  /** The last results, the oldest first. */
  readonly history: readonly ResultSummary[];
}

/** A check that runs, with all that changes about it. */
export interface RunningCheck {
  readonly check: CheckConfig;
  readonly labels: LabelRecord;
  readonly probe: Probe;
  readonly series: CheckSeries;
  standing: CheckStanding;
  flapping: Flapping;
  unreachableBy: string | null;
  maintenance: ActiveMaintenance | null;
  last: CheckStatus['last'];
  history: readonly ResultSummary[];
  /** When its judged state was written last, in epoch milliseconds. */
  writtenAt: number;
  /** The run under way, the one that `runNow` waits for. */
  current: Promise<void> | null;
  readonly aside: AbortController;
  dispose: () => void;
  cancelRetry: () => void;
}

/** What makes a check the one that was remembered: its name alone may have come to mean another service. */
export function identityOf({ probe }: CheckConfig): string {
  return `${probe.kind} ${probeTarget(probe).address}`;
}

export function judgedState({ standing, flapping, maintenance }: RunningCheck): JudgedState {
  const { state, isHeldDown } = standing;
  return { state, isHeldDown, isFlapping: flapping.isFlapping, isInMaintenance: maintenance !== null };
}

/** What the time of a check counts as. */
export function historyState({ standing, maintenance }: RunningCheck): HistoryState {
  if (maintenance !== null) return 'maintenance';
  return standing.state === 'pending' ? 'unknown' : standing.state;
}

/** How long a result speaks for the time after it: the next one may be late, or be missed once. */
export function patienceMs({ intervalMs, timeoutMs }: CheckConfig): number {
  return 2 * intervalMs + timeoutMs;
}

export function statusOf(one: RunningCheck): CheckStatus {
  const { check, labels, standing, flapping, unreachableBy, maintenance, last, history } = one;
  const { name, intervalMs, timeoutMs, judgement } = check;
  return {
    name,
    kind: check.probe.kind,
    address: probeTarget(check.probe).address,
    labels,
    intervalMs,
    timeoutMs,
    dependsOn: judgement.dependsOn,
    unreachableBy,
    isFlapping: flapping.isFlapping,
    changePercent: changePercent(flapping.results),
    maintenance,
    ...standing,
    last,
    history,
  };
}
