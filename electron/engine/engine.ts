import { EventPublisher } from '@orpc/server';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Change } from '../../shared/contract/system.ts';
import { createNotifier, loadTemplates } from './alert/notify/index.ts';
import { createAlertmanagerPort } from './alertmanager/alertmanager-port.ts';
import { createDispatcher, createSilences, type Dispatcher } from './alert/route/index.ts';
import { createAlertCares, createIncidentBook } from './alert/care/index.ts';
import { createAlertDesk } from './alert/alert-desk.ts';
import { createQuiet } from './alert/create-quiet.ts';
import { createMaintenance } from './collect/judge/maintenance.ts';
import { answerProbe, openPushBook, startChecks, type Checks } from './collect/probe/index.ts';
import {
  formatProblem,
  notifyText,
  revealSecret,
  watchConfiguration,
  type Configuration,
  type Secret,
  type SecretPorts,
} from './config/index.ts';
import { configurationLoader, storeRules, watchedHosts } from './configured.ts';
import type { Engine, EngineOptions } from './engine-options.ts';
import type { EngineEvents, EngineParts } from './engine-parts.ts';
import { lockDataDirectory } from './instance-lock.ts';
import { openLiveConfiguration } from './live-configuration.ts';
import { HOST_LABELS, startLogsThread, startMetricsThread, type MetricsThread } from './threads/threads.ts';
import { createMutes } from './mutes.ts';
import { formatOwnMetrics } from './self/self-metrics.ts';
import { startLogSeries } from './self/log-series.ts';
import { startSelfWatch } from './self/self-watch.ts';
import { createPrometheusPort } from './prometheus/prometheus-port.ts';
import { createDataSources } from './remote/data-sources.ts';
import { createRemoteSink } from './remote/remote-sink.ts';
import { createRouter } from './router/index.ts';
import { wireReading } from './router/host-calls.ts';
import { listAlerts } from './router/list-alerts.ts';
import { systemStatus } from './router/system-calls.ts';
import { createScheduler, type Gap } from './schedule/index.ts';
import { watchOwnNetwork } from './services/own-network-series.ts';
import { openStateStore } from './store/state/index.ts';

/** Another instance uses the data directory. */
export class DataDirectoryInUse extends Error {
  constructor(dataDirectory: string) {
    super(`Another instance of Vedette uses ${dataDirectory}. Stop it, or name another directory with --data.`);
  }
}

const FLUSH_AFTER_MS = 500;
/** What the button of a popup says. */
const SNOOZE_MS = 3_600_000;
/** Timers take no more than 31 bits of milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const PRUNE_EVERY_MS = 86_400_000;
const PROBE_LIMITS = { global: 50, perHost: 6, slow: 500 };

/**
 * Start everything: the one place that connects the rooms.
 *
 * @throws DataDirectoryInUse
 * @throws BadConfiguration with every problem at once
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { dataDirectory } = options;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const lock = lockDataDirectory(dataDirectory);
  if (lock === null) throw new DataDirectoryInUse(dataDirectory);
  const undo: (() => void | Promise<void>)[] = [() => lock.release()];
  const stop = async (): Promise<void> => {
    const faults: unknown[] = [];
    while (undo.length > 0) {
      try {
        await undo.pop()?.();
      } catch (fault) {
        // What is still open has to be closed all the same.
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, 'Not everything could be closed in order.');
  };
  try {
    return await connect(options, (url) => lock.announce(url), undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function connect(
  options: EngineOptions,
  announce: (url: string | null) => void,
  undo: (() => void | Promise<void>)[],
  stop: () => Promise<void>,
): Promise<Engine> {
  const { dataDirectory, clock, log, version, popups, preferences } = options;
  const startedAt = clock.now();
  const events = new EventPublisher<EngineEvents>();
  const changed = (topic: Change['topic']): void => {
    events.publish('changed', { topic, at: clock.now() });
  };
  const secrets: SecretPorts = {
    environment: process.env,
    readFile: (path) => readFile(path, 'utf8'),
    keychain: options.vault === null ? null : async (name) => options.vault?.read(name) ?? null,
  };

  let ownUrl: string | null = null;
  const externalUrl = (): string => options.externalUrl ?? ownUrl ?? '';
  const connected = Promise.withResolvers<undefined>();
  const configuration = await openLiveConfiguration({
    load: await configurationLoader(options),
    watch: (files, onChange) => watchConfiguration({ files, clock, onChange }),
    clock,
    log,
    apply,
    onChange: () => changed('config'),
  });
  undo.push(() => configuration.stop());
  for (const warning of configuration.warnings()) log('warn', formatProblem(warning));

  const state = openStateStore({ file: join(dataDirectory, 'state.db'), clock, log });
  undo.push(() => state.close());
  const mutes = createMutes(state.facts, clock, () => {
    changed('status');
    endOfPause();
  });

  let checks: Checks | null = null;
  const pushes = openPushBook(state.facts, clock);
  const onGap = (gap: Gap): void => {
    checks?.gap();
    pushes.gap(gap);
  };
  const scheduler = createScheduler({ clock, log, limits: PROBE_LIMITS, onGap });
  undo.push(() => scheduler.stop());

  let templates = await loadTemplates(configuration.current().notify.templates, log);
  const notifier = createNotifier({
    deliveries: state.deliveries,
    popups,
    revealSecret: (secret) => revealSecret(secret, secrets),
    clock,
    log,
    templates: () => templates,
    language: () => {
      const { language } = preferences.get();
      return language === 'system' ? options.systemLanguage : language;
    },
    isMuted: () => !preferences.get().popups,
    userAgent: `Vedette/${version}`,
  });
  const silences = createSilences({ table: state.silences, clock, onChange: () => changed('alerts') });
  const cares = createAlertCares({ table: state.cares, clock });
  const incidents = createIncidentBook(state.incidents);
  const quiet = createQuiet({ mutedUntil: () => mutes.until(), hours: () => preferences.get().quietHours, clock });
  const dispatcher: Dispatcher = createDispatcher({
    config: configuration.current().notify,
    state,
    silences,
    cares,
    quiet,
    clock,
    send: notifier.send,
    log,
    externalUrl,
    onChange({ kind, alert }) {
      const { fingerprint, labels, annotations, startsAt, endsAt } = alert;
      if (kind === 'resolved') incidents.resolved(fingerprint, endsAt);
      else
        incidents.fired({
          fingerprint,
          labels,
          annotations,
          firedAt: startsAt,
          groupKeys: dispatcher.groupKeysOf(labels),
        });
      changed('alerts');
    },
    onEscalation(receiver, alerts) {
      const subject = alerts.map(({ labels }) => labels['alertname'] ?? '').join(', ');
      const about = { alerts: alerts.map(({ fingerprint }) => fingerprint), subject, detail: receiver };
      state.audit.write({ at: clock.now(), who: 'Vedette', via: 'engine', action: 'escalate', ...about });
      changed('alerts');
    },
  });
  undo.push(() => dispatcher.stop());
  const desk = createAlertDesk({
    dispatcher,
    cares,
    silences,
    audit: state.audit,
    clock,
    onChange: () => changed('alerts'),
  });
  let cancelPauseEnd = (): void => undefined;
  undo.push(() => {
    cancelPauseEnd();
  });
  /** What was held back is told when the pause is over, and not only at the next turn of its group. */
  function endOfPause(): void {
    cancelPauseEnd();
    const until = mutes.until();
    if (until === null) dispatcher.review(null);
    else cancelPauseEnd = clock.after(Math.min(until - clock.now(), LONGEST_TIMER_MS), endOfPause);
  }
  endOfPause();
  undo.push(() => popups.stop?.());
  popups.onPress?.(({ alert, action }) => {
    const actor = { who: userInfo().username, via: 'popup' } as const;
    if (action === 'acknowledge') desk.acknowledge([alert], actor, '');
    else desk.snooze([alert], actor, clock.now() + SNOOZE_MS, '');
  });

  let isPaused = state.facts.get('paused') === 'true';
  // Before the first collector starts: what it finds at once is handed on as soon as the thread runs.
  let isEnding = false;
  let cancelFlush: (() => void) | null = null;
  const remote = createRemoteSink(() => flushSoon());
  let metricsThread: MetricsThread | null = null;
  const network = watchOwnNetwork({
    anchors: () => configuration.current().network.anchors,
    targets: async () => (await metricsThread?.link.client().watched())?.targets ?? [],
    sink: remote,
    scheduler,
    clock,
    log,
    onChange: () => changed('status'),
  });
  undo.push(() => network.stop());
  const metrics = await startMetricsThread({
    entry: options.workers.metrics,
    start: { dataDirectory, version, storeRules: storeRules(configuration.current()) },
    configuration: () => configuration.current(),
    isPaused: () => isPaused,
    externalUrl,
    secrets,
    clock,
    log,
    onStart: () => remote.reset(),
    onStatus: () => changed('status'),
    onEvent(event) {
      switch (event.kind) {
        case 'log':
          log(event.level, event.message, event.fields);
          return;
        case 'alerts':
          dispatcher.receive(event.alerts);
          return;
        case 'targets':
          changed('services');
          network.lookAtTargets().catch((error: unknown) => {
            // The thread is being started again; it tells of its targets when it runs.
            log('debug', `The targets could not be read: ${error instanceof Error ? error.message : String(error)}`);
          });
          return;
        case 'gap':
          dispatcher.gap(event.fromMs, event.toMs);
      }
    },
  });
  metricsThread = metrics;
  undo.push(() => metrics.link.stop());
  async function flush(): Promise<void> {
    // What is taken while the thread is being started would be lost; so it stays until it runs.
    if (metricsThread?.link.status().state !== 'running') {
      flushSoon();
      return;
    }
    const batch = remote.take();
    if (batch !== null) await metricsThread.link.client().append(batch);
  }
  /** Samples come in bursts with long rests between them, in which nothing needs to wake this thread. */
  function flushSoon(): void {
    if (isEnding) return;
    cancelFlush ??= clock.after(FLUSH_AFTER_MS, () => {
      cancelFlush = null;
      flush().catch((error: unknown) => log('error', `Samples could not be handed on: ${String(error)}`));
    });
  }
  undo.push(() => {
    isEnding = true;
    cancelFlush?.();
    return flush();
  });
  const logs = await startLogsThread({
    entry: options.workers.logs,
    start: { directory: join(dataDirectory, 'logs'), retention: configuration.current().retention.logs },
    configuration: () => configuration.current(),
    clock,
    log,
    onStatus: () => changed('status'),
  });
  undo.push(() => logs.stop());

  const maintenance = createMaintenance(configuration.current().maintenance, state.maintenances, () => {
    runningChecks.lookAtMaintenance();
    changed('services');
  });
  const probePorts = {
    clock,
    userAgent: `Vedette/${version}`,
    revealSecret: (secret: Secret) => revealSecret(secret, secrets),
    environment: process.env,
    pushes,
  };
  const runningChecks = startChecks({
    checks: configuration.current().checks,
    isPaused,
    sink: remote,
    scheduler,
    clock,
    log,
    memory: state.checkHistory,
    maintenance,
    network,
    onResult: () => changed('services'),
    ports: probePorts,
  });
  checks = runningChecks;
  undo.push(() => runningChecks.stop());

  const dataSources = createDataSources({
    revealSecret: (secret) => revealSecret(secret, secrets),
    environment: process.env,
    userAgent: `Vedette/${version}`,
    clock,
  });
  dataSources.configure(configuration.current().remoteQuery);
  undo.push(() => dataSources.close());

  const pause = {
    isPaused: () => isPaused,
    async set(paused: boolean): Promise<void> {
      isPaused = paused;
      state.facts.set('paused', String(paused));
      runningChecks.pause(paused);
      await metrics.link.client().pause({ paused });
      changed('services');
      changed('status');
    },
  };
  const selfWatch = startSelfWatch({
    sink: remote,
    scheduler,
    clock,
    version,
    startedAt,
    metrics: () => metrics.link.client(),
    logs: () => logs.client(),
    workerRestarts: () => ({ metrics: metrics.link.status().restarts, logs: logs.status().restarts }),
    configuration,
    deliveries: state.deliveries,
  });
  undo.push(() => selfWatch.stop());
  undo.push(startLogSeries({ sink: remote, scheduler, logs: () => logs.client(), instance: HOST_LABELS.instance }));
  const prune = (): void => {
    state.prune();
    silences.prune();
  };
  undo.push(scheduler.every({ key: 'prune', intervalMs: PRUNE_EVERY_MS, run: prune }));

  async function apply(next: Configuration): Promise<void> {
    // A file may change before everything that it configures is there.
    await connected.promise;
    await metrics.configure(next);
    await logs.client().configure({ sources: next.logs, retention: next.retention.logs });
    maintenance.update(next.maintenance);
    runningChecks.update(next.checks);
    templates = await loadTemplates(next.notify.templates, log);
    dispatcher.update(next.notify);
    dataSources.configure(next.remoteQuery);
    changed('services');
    changed('rules');
  }

  connected.resolve(undefined);

  const externalLabels = (): Configuration['global']['externalLabels'] => configuration.current().global.externalLabels;
  const parts: EngineParts = {
    version,
    mode: options.mode,
    dataDirectory,
    startedAt,
    clock,
    log,
    configuration,
    metrics: () => metrics.link.client(),
    dataSources,
    logs: () => logs.client(),
    workers: () => [
      { name: 'metrics', ...metrics.link.status() },
      { name: 'logs', ...logs.status() },
    ],
    scheduler,
    checks: runningChecks,
    maintenance,
    network,
    notifier,
    dispatcher,
    silences,
    desk,
    quiet,
    state,
    events,
    changed,
    preferences,
    vault: options.vault,
    capabilities: options.capabilities,
    mutes,
    pause,
    cost: () => selfWatch.cost(),
    externalLabels,
    ownPort: () => (ownUrl === null ? 0 : Number(new URL(ownUrl).port)),
  };

  return {
    router: createRouter(parts),
    prometheus: createPrometheusPort({
      facts: {
        version,
        dataDirectory,
        startedAt,
        externalUrl,
        now: () => clock.now(),
        configuration,
      },
      metrics: () => metrics.link.client(),
      questions: () => metrics.questions(),
      askDataSource: (request, signal) => dataSources.ask(request, signal),
    }),
    alertmanager: createAlertmanagerPort({
      dispatcher,
      silences: desk.silencesFor('api'),
      receivers: () => configuration.current().notify.receivers.map(({ name }) => name),
      configText: () => notifyText(configuration.current().notify),
      version,
      startedAt,
      clock,
    }),
    ownMetrics: async () => formatOwnMetrics(await selfWatch.read()),
    probe: (question, signal) => answerProbe(question, configuration.current().probeModules, probePorts, signal),
    isReady: () => metrics.link.status().state === 'running' && logs.status().state === 'running',
    async reload() {
      const problems = await configuration.reload();
      return problems.length === 0 ? { ok: true } : { ok: false, message: problems.map(formatProblem).join('\n') };
    },
    status: () => systemStatus(parts),
    push(token, report) {
      if (!pushes.report(token, report)) return false;
      // Looked at at once: the checks of all jobs, as it costs nothing to look.
      for (const { name, kind } of checks.checks()) if (kind === 'push') void checks.runNow(name);
      return true;
    },
    async trayInput() {
      const [status, groups, reading] = await Promise.all([
        systemStatus(parts),
        parts.metrics().ruleGroups(),
        parts.metrics().hostReading(),
      ]);
      const firing = listAlerts(parts, groups).filter((alert) => alert.state === 'firing');
      return { status, firing, reading: reading === null ? null : wireReading(reading), now: clock.now() };
    },
    async perform(action) {
      if (action.do === 'mute') mutes.set(action.until);
      else await pause.set(action.paused);
    },
    onChange: (listener) => events.subscribe('changed', listener),
    navigate: (path) => events.publish('navigate', { path }),
    watchedHosts: () => watchedHosts(configuration.current()),
    announce(url) {
      ownUrl = url;
      announce(url);
      if (options.externalUrl !== null) return;
      // Rules write the address into their alerts.
      metrics.configure(configuration.current()).catch((error: unknown) => {
        log('error', `The rules were not told the address: ${error instanceof Error ? error.message : String(error)}`);
      });
    },
    suspend() {
      scheduler.suspend();
      void metrics.link.client().suspend();
    },
    resume() {
      scheduler.resume();
      void metrics.link.client().resume();
    },
    stop,
  };
}
