import type { Severity } from '../../../shared/contract/alerts.ts';
import type { SystemStatus } from '../../../shared/contract/system.ts';
import { type State, worstState } from '../../../shared/model/state.ts';
import { listAlerts } from './list-alerts.ts';
import type { EngineParts } from '../engine-parts.ts';
import { readServices } from '../services/read-services.ts';
import { contractOf, wireProblem } from './implementer.ts';

export function systemCalls(parts: EngineParts) {
  const { system } = contractOf;
  return {
    status: system.status.handler(() => systemStatus(parts)),
    changes: system.changes.handler(({ signal }) =>
      parts.events.subscribe('changed', signal === undefined ? {} : { signal }),
    ),
    navigations: system.navigations.handler(({ signal }) =>
      parts.events.subscribe('navigate', signal === undefined ? {} : { signal }),
    ),
    reload: system.reload.handler(async ({ errors }) => {
      const problems = await parts.configuration.reload();
      if (problems.length > 0) throw errors.BAD_CONFIG({ data: { problems: problems.map(wireProblem) } });
      return { loadedAt: parts.configuration.loadedAt() };
    }),
    mute: system.mute.handler(({ input }) => {
      parts.mutes.set(input.until);
      return { mutedUntil: parts.mutes.until() };
    }),
    pauseChecks: system.pauseChecks.handler(async ({ input }) => {
      await parts.pause.set(input.paused);
      return { paused: parts.pause.isPaused() };
    }),
  };
}

/** Everything about the program in one answer; also what the tray is drawn from. */
export async function systemStatus(parts: EngineParts): Promise<SystemStatus> {
  const { clock, configuration } = parts;
  const [services, groups, metrics, logs] = await Promise.all([
    readServices(parts),
    parts.metrics().ruleGroups(),
    parts.metrics().status(),
    parts.logs().stats(),
  ]);
  const counts: Record<State, number> = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0, paused: 0 };
  for (const service of services) counts[service.state] += 1;
  const firing: Record<Severity, number> = { critical: 0, error: 0, warning: 0, info: 0 };
  for (const alert of listAlerts(parts, groups)) if (alert.state === 'firing') firing[alert.severity] += 1;
  const { cpuRatio, memoryBytes } = parts.cost();
  return {
    version: parts.version,
    mode: parts.mode,
    platform: process.platform,
    startedAt: parts.startedAt,
    now: clock.now(),
    dataDirectory: parts.dataDirectory,
    configFile: configuration.current().file,
    configLoadedAt: configuration.loadedAt(),
    configProblems: configuration.problems().map(wireProblem),
    configWarnings: configuration.warnings().map(wireProblem),
    workers: parts.workers(),
    cpuRatio,
    memoryBytes,
    latenessMs: Math.max(metrics.scheduler.lateP99Ms, parts.scheduler.stats().lateP99Ms),
    worst: worstOf(
      services.map((service) => service.state),
      firing,
    ),
    counts,
    firing: { critical: firing.critical + firing.error, warning: firing.warning, info: firing.info },
    mutedUntil: parts.mutes.until(),
    checksPaused: parts.pause.isPaused(),
    network: networkStatus(parts),
    store: {
      series: metrics.store.series,
      samplesPerSecond: metrics.flow.perSecond,
      metricsBytes: metrics.store.sizeBytes,
      logsBytes: logs.sizeBytes,
      oldestSampleAt: metrics.store.oldestSampleMs,
    },
  };
}

function networkStatus({ network }: EngineParts): SystemStatus['network'] {
  const { reach, sinceMs } = network.status();
  return { reach, since: sinceMs };
}

function worstOf(states: readonly State[], firing: Readonly<Record<Severity, number>>): State {
  if (firing.critical + firing.error > 0) return 'down';
  return worstState(firing.warning > 0 ? [...states, 'degraded'] : states);
}
