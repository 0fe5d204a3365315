import type { Beat, CheckRecord, Service, ServiceDetail } from '../../../shared/contract/services.ts';
import { compareBadness, type State } from '../../../shared/model/state.ts';
import type { CheckStatus, PhaseTimes, ResultSummary } from '../collect/probe/index.ts';
import type { TargetStatus } from '../collect/scrape/index.ts';
import type { ScrapeLook, ServiceHistories } from './service-history.ts';

const BEATS_SHOWN = 40;

export const targetId = (target: TargetStatus): string =>
  `target:${target.labels['job'] ?? target.scrapePool}/${target.labels['instance'] ?? target.scrapeUrl}`;
export const checkId = (check: CheckStatus): string => `check:${check.name}`;

/** A scrape target as a service. A target that was never scraped is unknown, not down. */
export function serviceOfTarget(target: TargetStatus, histories: ServiceHistories, isPaused: boolean): Service {
  const id = targetId(target);
  const beats = (histories.looks.get(id) ?? []).map(beatOfLook);
  return {
    id,
    kind: 'target',
    probe: null,
    name: target.labels['instance'] ?? target.scrapeUrl,
    group: target.labels['job'] ?? target.scrapePool,
    address: target.scrapeUrl,
    state: isPaused ? 'paused' : target.health,
    message: target.lastError === '' ? null : target.lastError,
    since: sinceOf(beats, target.health),
    lastCheckedAt: target.lastScrapeAt,
    intervalMs: target.scrapeIntervalMs,
    latencyMs: target.lastScrapeAt === null ? null : target.lastScrapeDurationMs,
    uptime24h: histories.uptimes.get(id) ?? null,
    beats: beats.slice(-BEATS_SHOWN),
    labels: { ...target.labels },
    flapping: false,
    unreachableBy: null,
    maintenance: null,
  };
}

/** @param uptimes share of the known time of the last 24 h, by name of the check */
export function serviceOfCheck(check: CheckStatus, uptimes: ReadonlyMap<string, number>, isPaused: boolean): Service {
  const id = checkId(check);
  const { maintenance, unreachableBy } = check;
  const reason = check.last?.reason?.message ?? null;
  return {
    id,
    kind: 'check',
    probe: check.kind,
    name: check.name,
    group: 'checks',
    address: check.address,
    state: isPaused ? 'paused' : shownState(check),
    message: unreachableBy === null ? reason : `Not judged, because "${unreachableBy}" is down. ${reason ?? ''}`.trim(),
    since: check.since,
    lastCheckedAt: check.last?.at ?? null,
    intervalMs: check.intervalMs,
    latencyMs: check.last?.durationMs ?? null,
    uptime24h: uptimes.get(check.name) ?? null,
    beats: check.history.slice(-BEATS_SHOWN).map(beatOfResult),
    labels: { ...check.labels },
    flapping: check.isFlapping,
    unreachableBy,
    maintenance:
      maintenance === null ? null : { id: maintenance.id, name: maintenance.name, until: maintenance.untilMs },
  };
}

/** A check behind a dead one is as good as unknown; one whose failures are expected is that above all. */
export function shownState({ state, maintenance }: Pick<CheckStatus, 'state' | 'maintenance'>): State {
  if (maintenance !== null) return 'maintenance';
  return state === 'pending' || state === 'unreachable' ? 'unknown' : state;
}

/** Worst first, then by group and name, so that lists do not jump. */
export function sortServices(services: readonly Service[]): Service[] {
  return [...services].sort(
    (a, b) => compareBadness(a.state, b.state) || a.group.localeCompare(b.group) || a.name.localeCompare(b.name),
  );
}

/** What only one service's page shows. `config` is its entry as YAML, without secrets. */
export function detailOfTarget(
  service: Service,
  target: TargetStatus,
  histories: ServiceHistories,
  config: string,
): ServiceDetail {
  const beats = (histories.looks.get(service.id) ?? []).map(beatOfLook);
  return {
    ...service,
    history: beats.toReversed().map((beat) => ({ ...beat, phases: null })),
    changes: changesOf(beats),
    certificate: null,
    components: [],
    details: [],
    record: null,
    samplesScraped: target.lastScrapeAt === null ? null : target.samples,
    discoveredLabels: { ...target.discoveredLabels },
    selector: selector({ job: target.labels['job'] ?? '', instance: target.labels['instance'] ?? '' }),
    config,
  };
}

export function detailOfCheck(
  service: Service,
  check: CheckStatus,
  record: CheckRecord,
  config: string,
): ServiceDetail {
  const beats = check.history.map(beatOfResult);
  const certificate = check.last?.certificate ?? null;
  return {
    ...service,
    history: beats
      .map((beat) => ({ ...beat, phases: beat.at === check.last?.at ? phases(check.last.phases) : null }))
      .toReversed(),
    changes: changesOf(beats),
    certificate:
      certificate === null
        ? null
        : {
            subject: certificate.subject,
            issuer: certificate.issuer,
            expiresAt: certificate.earliestExpiresAt,
            trusted: certificate.isTrusted,
            problem: certificate.distrust,
          },
    components: (check.last?.health?.components ?? []).map(({ name, state, message }) => ({
      name,
      state: state === 'ok' ? ('up' as const) : state,
      message,
    })),
    details: (check.last?.details ?? []).map(({ name, value }) => ({ name, value })),
    record,
    samplesScraped: null,
    discoveredLabels: null,
    selector: selector({ check: check.name }),
    config,
  };
}

function beatOfLook({ at, isUp, durationMs }: ScrapeLook): Beat {
  return { at, state: isUp ? 'up' : 'down', durationMs, message: null };
}

export function beatOfResult({ at, outcome, durationMs, reason }: ResultSummary): Beat {
  return { at, state: outcome, durationMs, message: reason?.message ?? null };
}

/** Since when the looks have shown this state without a break; null when they show it nowhere. */
function sinceOf(beats: readonly Beat[], state: State): number | null {
  let since: number | null = null;
  for (const beat of beats.toReversed()) {
    if (beat.state !== state) break;
    since = beat.at;
  }
  return since;
}

function changesOf(beats: readonly Beat[]): ServiceDetail['changes'] {
  return beats
    .filter((beat, i) => beat.state !== beats[i - 1]?.state)
    .map(({ at, state, message }) => ({ at, state, message }))
    .toReversed();
}

function phases(times: PhaseTimes): NonNullable<ServiceDetail['history'][number]['phases']> {
  return {
    resolveMs: times.resolve,
    connectMs: times.connect,
    tlsMs: times.tls,
    processingMs: times.processing,
    transferMs: times.transfer,
  };
}

function selector(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;
}
