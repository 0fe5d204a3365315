import { implement, ORPCError } from '@orpc/server';
import type { Alert } from '../../shared/contract/alerts.ts';
import { contract } from '../../shared/contract/index.ts';
import type { WireProblem } from '../../shared/contract/procedure.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../../shared/model/preferences.ts';
import { worstState } from '../../shared/model/state.ts';
import {
  sampleAlerts,
  sampleFindings,
  sampleHardware,
  sampleGroups,
  sampleHost,
  sampleProcesses,
  sampleRuleText,
} from './sample-facts.ts';
import { createSampleCare } from './sample-care.ts';
import { aroundSample, entriesBetween, entryAt, histogramSample, searchSample, textProblem } from './sample-logs.ts';
import { rangeSample } from './sample-metrics.ts';
import { sampleNoise, sampleReadyRules, sampleTrial } from './sample-rules.ts';
import { sampleDetail, sampleServices } from './sample-services.ts';

export interface SampleOptions {
  /** How many services there are: 0, 1, 12, 1,000. */
  readonly services: number;
  /** How many alerts fire. */
  readonly firing: number;
  /** Calls that fail, as `metrics.queryRange`; they say UNAVAILABLE. */
  readonly failing: readonly string[];
  readonly mayWrite: boolean;
  readonly preferences: Partial<Preferences>;
  /** Whether logs are followed. */
  readonly logSources: boolean;
  /** Live lines a second; 0 for those that a search would find, about two. */
  readonly tailPerSecond: number;
}

export const DEFAULT_SAMPLE: SampleOptions = {
  services: 12,
  firing: 3,
  failing: [],
  mayWrite: true,
  preferences: {},
  logSources: true,
  tailPerSecond: 0,
};

const MAIN_FILE = '/home/kim/.config/vedette/vedette.yml';

/**
 * The whole contract with made-up, repeatable data: the interface can be built, seen and tested without the engine. It
 * keeps what is written (preferences, files, services that were added) for as long as it lives.
 */
export function createSampleEngine(options: SampleOptions = DEFAULT_SAMPLE) {
  const os = implement(contract).use(async ({ next, path }) => {
    const name = path.join('.');
    if (options.failing.includes(name)) throw new ORPCError('UNAVAILABLE', { message: 'That part is not running.' });
    return next();
  });
  const mustWrite = (): void => {
    if (!options.mayWrite) throw new ORPCError('UNAUTHORIZED', { message: 'No right to change things.' });
  };
  let preferences: Preferences = { ...DEFAULT_PREFERENCES, ...options.preferences };
  let mutedUntil: number | null = null;
  let checksPaused = false;
  const added: string[] = [];
  const watched = new Set<string>();
  const addedRules = new Set<string>();
  const files = new Map([
    [
      MAIN_FILE,
      'global:\n  scrape_interval: 15s\n\nscrape_configs:\n  - job_name: node\n    static_configs:\n      - targets: [10.0.0.7:9100]\n\nrule_files: [rules.yml]\n',
    ],
    ['/home/kim/.config/vedette/rules.yml', sampleRuleText()],
  ]);
  const startedAt = Date.now() - 7_300_000;
  const services = () => sampleServices(options.services + added.length, Date.now());
  const care = createSampleCare(() => sampleAlerts(options.firing, Date.now()), mustWrite);
  const active = (): Alert[] => care.alerts();

  return os.router({
    system: {
      status: os.system.status.handler(() => {
        const now = Date.now();
        const list = services();
        const counts = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0, paused: 0 };
        for (const { state } of list) counts[state]++;
        const firing = { critical: 0, warning: 0, info: 0 };
        for (const { state, severity } of active()) {
          if (state === 'firing') firing[severity === 'error' ? 'critical' : severity]++;
        }
        return {
          version: '0.1.0',
          mode: 'headless' as const,
          platform: 'linux',
          startedAt,
          now,
          dataDirectory: '/home/kim/.local/share/vedette',
          configFile: MAIN_FILE,
          configLoadedAt: startedAt,
          configProblems: [],
          configWarnings: [],
          workers: (['metrics', 'logs'] as const).map((name) => ({
            name,
            state: 'running' as const,
            restarts: 0,
            lastError: null,
          })),
          cpuRatio: 0.018,
          memoryBytes: 142 * 2 ** 20,
          latenessMs: 3.2,
          worst: worstState(list.map(({ state }) => state)),
          counts,
          firing,
          mutedUntil,
          checksPaused,
          network: { reach: 'everywhere' as const, since: startedAt },
          store: {
            series: 1834,
            samplesPerSecond: 122,
            metricsBytes: 84e6,
            logsBytes: 412e6,
            oldestSampleAt: now - 9 * 86_400_000,
          },
        };
      }),
      changes: os.system.changes.handler(async function* ({ signal }) {
        // A beat keeps the interface sure of its connection, as the engine's own status does.
        while (signal?.aborted !== true) {
          yield { topic: 'status' as const, at: Date.now() };
          yield { topic: 'host' as const, at: Date.now() };
          await sleep(5000, signal);
        }
      }),
      navigations: os.system.navigations.handler(async function* ({ signal }) {
        // No desktop asks for anything here; the stream just stays open.
        while (signal?.aborted !== true) await sleep(60_000, signal);
        yield* [];
      }),
      reload: os.system.reload.handler(() => {
        mustWrite();
        return { loadedAt: Date.now() };
      }),
      mute: os.system.mute.handler(({ input }) => {
        mustWrite();
        mutedUntil = input.until;
        return { mutedUntil };
      }),
      pauseChecks: os.system.pauseChecks.handler(({ input }) => {
        mustWrite();
        checksPaused = input.paused;
        return { paused: checksPaused };
      }),
    },
    host: {
      facts: os.host.facts.handler(() => ({
        hostname: 'workstation',
        os: 'Debian GNU/Linux 13',
        kernel: '6.12.0',
        architecture: 'x64',
        cpuModel: 'AMD Ryzen 7 7840U',
        cores: 16,
        memoryBytes: 32 * 2 ** 30,
        bootedAt: startedAt - 86_400_000,
      })),
      reading: os.host.reading.handler(() => sampleHost(Date.now())),
      processes: os.host.processes.handler(({ input }) => sampleProcesses(input.by, input.limit)),
      hardware: os.host.hardware.handler(() => sampleHardware()),
    },
    maintenance: {
      list: os.maintenance.list.handler(() => []),
      begin: os.maintenance.begin.handler(({ input }) => {
        mustWrite();
        const from = Date.now();
        const { name, checks, matchers, minutes } = input;
        return { id: 1, name, checks, matchers, active: { from, until: from + minutes * 60_000 }, next: null };
      }),
      end: os.maintenance.end.handler(() => {
        mustWrite();
        return { ended: true };
      }),
    },
    services: {
      list: os.services.list.handler(() => services()),
      discoveries: os.services.discoveries.handler(() => ({
        discoveries:
          options.services < 12
            ? []
            : [
                { job: 'node', kind: 'file' as const, name: '/etc/targets/*.yml', targets: 3, error: null, lastSuccessAt: Date.now() - 4_000 }, // prettier-ignore
                { job: 'shops', kind: 'http' as const, name: 'http://inventory.example/targets', targets: 8, error: 'http://inventory.example/targets answered 503 instead of 200 with application/json.', lastSuccessAt: Date.now() - 600_000 }, // prettier-ignore
              ],
        dropped: options.services < 12 ? [] : [{ job: 'shops', count: 2 }],
      })),
      get: os.services.get.handler(({ input, errors }) => {
        const service = services().find(({ id }) => id === input.id);
        if (service === undefined) throw errors.NOT_FOUND();
        return sampleDetail(service, Date.now());
      }),
      checkNow: os.services.checkNow.handler(({ input, errors }) => {
        mustWrite();
        const service = services().find(({ id }) => id === input.id);
        if (service === undefined) throw errors.NOT_FOUND();
        return { at: Date.now(), state: service.state, durationMs: service.latencyMs, message: service.message };
      }),
      add: os.services.add.handler(({ input }) => {
        mustWrite();
        added.push(input.address);
        return { id: 'check:checkout-api', kind: 'check' as const };
      }),
      addCheck: os.services.addCheck.handler(({ input }) => {
        mustWrite();
        added.push(`${input.kind} ${input.name}`);
        return { id: 'check:checkout-api' };
      }),
    },
    metrics: {
      dataSources: os.metrics.dataSources.handler(() => [{ name: 'Long-term', host: 'prometheus.example:9090' }]),
      query: os.metrics.query.handler(({ input }) => {
        const at = input.time ?? Date.now();
        const { series } = rangeSample(input.expr, at - 60_000, at, 15_000, 100);
        return {
          type: 'vector' as const,
          samples: series.map(({ labels, values }) => ({ labels, at, value: values.at(-1) ?? null })),
          text: null,
          ...noNotes(series.length),
        };
      }),
      queryRange: os.metrics.queryRange.handler(({ input, errors }) => {
        if (input.expr.includes('((')) {
          throw errors.BAD_EXPRESSION({
            message: 'unexpected "("',
            data: { line: 1, column: input.expr.indexOf('((') + 2 },
          });
        }
        const answer = rangeSample(input.expr, input.start, input.end, input.stepMs, input.maxPoints);
        const totalSeries = answer.series.length;
        const series = answer.series.slice(0, input.maxSeries);
        return { ...answer, series, totalSeries, ...noNotes(totalSeries) };
      }),
      explain: os.metrics.explain.handler(({ input }) => ({
        nodes: [{ depth: 0, kind: 'selector', text: input.expr, series: 1, samples: 240, durationMs: 3.9 }],
        ...noNotes(1),
      })),
      names: os.metrics.names.handler(({ input }) => {
        const names = [
          'up',
          'node_cpu_seconds_total',
          'node_memory_MemAvailable_bytes',
          'node_load1',
          'probe_duration_seconds',
          'http_requests_total',
        ]
          .filter((name) => name.includes(input.search))
          .map((name) => ({ name, type: name.endsWith('_total') ? 'counter' : 'gauge', help: `Help of ${name}.` }));
        return { names, total: names.length };
      }),
      labelNames: os.metrics.labelNames.handler(() => ['instance', 'job', 'mode']),
      labelValues: os.metrics.labelValues.handler(({ input }) =>
        ['a', 'b', 'c'].map((value) => `${input.name}-${value}`),
      ),
    },
    logs: {
      search: os.logs.search.handler(({ input, errors }) => {
        const problem = textProblem(input.text);
        if (problem !== null) {
          throw errors.BAD_EXPRESSION({ message: problem.message, data: { line: 1, column: problem.column } });
        }
        return searchSample(input);
      }),
      histogram: os.logs.histogram.handler(({ input }) => histogramSample(input)),
      around: os.logs.around.handler(({ input }) => ({ entries: aroundSample(input.id, input.before, input.after) })),
      sources: os.logs.sources.handler(() =>
        (options.logSources ? ['checkout-api', 'payments', 'nginx'] : []).map((name) => ({
          name,
          type: name === 'nginx' ? ('access' as const) : ('application' as const),
          files: [
            {
              path: `/var/log/${name}.log`,
              sizeBytes: 12_400_000,
              lagBytes: 0,
              lines: 84_211,
              format: 'logfmt',
              lastError: null,
            },
          ],
        })),
      ),
      tail: os.logs.tail.handler(async function* ({ input, signal }) {
        let from = Date.now();
        while (signal?.aborted !== true) {
          await sleep(100, signal);
          const to = Date.now();
          if (options.tailPerSecond > 0) {
            const count = Math.round(((to - from) / 1000) * options.tailPerSecond);
            const stepMs = (to - from) / Math.max(1, count);
            const entries = Array.from({ length: count }, (_, index) => {
              const at = from + Math.floor(index * stepMs);
              return { ...entryAt(at), id: `e${String(at)}.${String(index)}` };
            });
            yield { entries, dropped: 0 };
          } else {
            const entries = entriesBetween(from, to, input);
            if (entries.length > 0) yield { entries, dropped: 0 };
          }
          from = to;
        }
      }),
    },
    alerts: {
      ...care.actions,
      active: os.alerts.active.handler(() => active()),
      history: os.alerts.history.handler(({ input }) =>
        sampleAlerts(options.firing + 3, Date.now())
          .map((alert, index) =>
            index < 3
              ? {
                  ...alert,
                  state: 'resolved' as const,
                  handling: null,
                  resolvedAt: (alert.firedAt ?? alert.activeAt) + 240_000,
                }
              : alert,
          )
          .filter(({ activeAt }) => activeAt >= input.from && activeAt <= input.to)
          .slice(0, input.limit),
      ),
      rules: os.alerts.rules.handler(() => sampleGroups(Date.now())),
      deliveries: os.alerts.deliveries.handler(() =>
        active()
          .slice(0, 4)
          .map((alert, index) => ({
            at: alert.firedAt ?? alert.activeAt,
            receiver: 'desk',
            channel: index % 2 === 0 ? 'desktop' : 'webhook',
            alerts: [alert.name],
            outcome: index === 1 ? ('failed' as const) : ('delivered' as const),
            message: index === 1 ? 'connect ECONNREFUSED 127.0.0.1:5001' : null,
          })),
      ),
      receivers: os.alerts.receivers.handler(() => [{ name: 'desk', channels: ['desktop[0]'] }]),
      testReceiver: os.alerts.testReceiver.handler(() => []),
      testNotification: os.alerts.testNotification.handler(() => {
        mustWrite();
        return {
          at: Date.now(),
          receiver: 'desk',
          channel: 'desktop',
          alerts: ['Test'],
          outcome: 'delivered' as const,
          message: null,
        };
      }),
    },
    ...care.calls,
    rules: {
      tryOut: os.rules.tryOut.handler(({ input, errors }) => {
        if (input.expr.includes('((')) {
          throw errors.BAD_EXPRESSION({ message: 'unexpected "("', data: { line: 1, column: 1 } });
        }
        return sampleTrial(input.name, input.from, input.to);
      }),
      check: os.rules.check.handler(() => ({ problems: [], text: sampleRuleText() })),
      add: os.rules.add.handler(({ input }) => {
        mustWrite();
        for (const { name } of input.rules) addedRules.add(name);
        return { file: input.file ?? '/home/kim/.config/vedette/rules.yml' };
      }),
      ready: os.rules.ready.handler(() => sampleReadyRules(addedRules)),
      noise: os.rules.noise.handler(({ input }) =>
        sampleNoise(input.from ?? Date.now() - 604_800_000, input.to ?? Date.now(), options.firing > 0),
      ),
    },
    config: {
      files: os.config.files.handler(() =>
        [...files.keys()].map((path, index) => ({
          path,
          kind: index === 0 ? ('main' as const) : ('rules' as const),
          writable: true,
        })),
      ),
      readFile: os.config.readFile.handler(({ input, errors }) => {
        mustWrite();
        const text = files.get(input.path);
        if (text === undefined) throw errors.NOT_FOUND();
        return { path: input.path, text };
      }),
      effective: os.config.effective.handler(() => ({ text: files.get(MAIN_FILE) ?? '' })),
      checkFile: os.config.checkFile.handler(({ input }) => ({ problems: problemsIn(input.text, input.path) })),
      saveFile: os.config.saveFile.handler(({ input, errors }) => {
        mustWrite();
        if (files.get(input.path) !== input.previousText) throw errors.CONFLICT();
        const problems = problemsIn(input.text, input.path);
        if (problems.length > 0) throw errors.BAD_CONFIG({ data: { problems } });
        files.set(input.path, input.text);
        return { loadedAt: Date.now() };
      }),
    },
    discovery: {
      scan: os.discovery.scan.handler(() => {
        mustWrite();
        return sampleFindings().map((finding) => ({ ...finding, watched: finding.watched || watched.has(finding.id) }));
      }),
      watch: os.discovery.watch.handler(({ input }) => {
        mustWrite();
        for (const id of input.ids) watched.add(id);
        return { added: input.ids.length };
      }),
    },
    secrets: {
      list: os.secrets.list.handler(() => []),
      set: os.secrets.set.handler(({ input }) => ({ name: input.name })),
      remove: os.secrets.remove.handler(({ input }) => ({ name: input.name })),
    },
    settings: {
      get: os.settings.get.handler(() => ({
        preferences,
        capabilities: {
          desktop: false,
          tray: false,
          loginItem: false,
          secrets: 'none' as const,
          mayWrite: options.mayWrite,
        },
      })),
      set: os.settings.set.handler(({ input }) => {
        mustWrite();
        preferences = { ...preferences, ...(input as Partial<Preferences>) };
        return preferences;
      }),
    },
  });
}

function noNotes(series: number) {
  return { warnings: [], infos: [], stats: { durationMs: 4.2, series, samples: series * 240 } };
}

/** A tab is what YAML refuses first. */
function problemsIn(text: string, file: string): WireProblem[] {
  return text.split('\n').flatMap((line, index) => {
    const column = line.indexOf('\t') + 1;
    if (column === 0) return [];
    return [{ file, line: index + 1, column, message: 'Tabs are not allowed as indentation.', remedy: 'Use spaces.' }];
  });
}

async function sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
