import { os, type as typed } from '@orpc/server';
import type { Matcher } from '../../../shared/model/matcher.ts';
import { encodeValue, encodeValues } from '../../../shared/model/wire-value.ts';
import { labelsToRecord } from '../../../shared/model/labels.ts';
import { limitFromHistory, type LimitQuestion } from '../alert/noise/index.ts';
import { tryRule, type RangeRun, type TriedRule } from '../alert/try-out/index.ts';
import { discoverListeners } from '../collect/discover/discover-listeners.ts';
import { discoverLogs } from '../collect/discover/discover-logs.ts';
import { readHostFacts } from '../collect/host/host-facts.ts';
import { readGpuProcesses } from '../collect/host/nvidia-smi.ts';
import { readOtherGpus } from '../collect/host/other-gpus.ts';
import { createProcessList } from '../collect/host/processes.ts';
import { readTemperatures } from '../collect/host/temperatures.ts';
import { unpackSecrets } from '../config/secret.ts';
import type { EventQueue } from '../event-queue.ts';
import type { MetricsEvent } from './metrics-events.ts';
import type { MetricsConfiguration, MetricsRoom } from './metrics-room.ts';
import type { RemoteWriteRequest } from '../prometheus/endpoint.ts';
import { parseSelector, type ExplainedNode, type QueryOutcome, reduceColumns } from '../query/promql/index.ts';
import type { SampleBatch } from '../remote/remote-sink.ts';
import type { Clock } from '../schedule/index.ts';
import { createServiceHistory } from '../services/service-history.ts';

export interface MetricsCallsOptions {
  readonly room: MetricsRoom;
  readonly events: EventQueue<MetricsEvent>;
  readonly clock: Clock;
  /** End the thread's work: the store is closed when it returns. */
  readonly onClose: () => void;
}

/** A step that gives about as many points as a chart can show, but none finer than samples usually are. */
const FINEST_STEP_MS = 1_000;
/** Everything that is stored. */
const EVER = [0, Number.MAX_SAFE_INTEGER] as const;

/** The calls that the main thread makes to the metrics thread. */
export function metricsCalls({ room, events, clock, onClose }: MetricsCallsOptions) {
  const ruleRange: RangeRun = (...question) => room.range(...question);
  const processes = createProcessList({ clock });
  const history = createServiceHistory(room.store, clock);

  return {
    configure: os.input(typed<{ packed: unknown }>()).handler(({ input }) => {
      room.configure(unpackSecrets<MetricsConfiguration>(input.packed));
    }),
    append: os.input(typed<SampleBatch>()).handler(({ input }) => {
      room.append(input);
    }),
    events: os.handler(({ signal }) => events.read(signal)),
    remoteWrite: os.input(typed<RemoteWriteRequest>()).handler(({ input }) => room.receive(input)),

    query: os.input(typed<{ expr: string; timeMs: number }>()).handler(async ({ input, signal }) => {
      const startedAt = clock.monotonic();
      const outcome = await room.instant(input.expr, input.timeMs, signal === undefined ? {} : { signal });
      return outcome.ok ? instantAnswer(outcome, clock.monotonic() - startedAt) : outcome;
    }),
    queryRange: os.input(typed<RangeQuestion>()).handler(async ({ input, signal }) => {
      const startedAt = clock.monotonic();
      const { expr, start, end } = input;
      const stepMs = input.stepMs ?? Math.max(FINEST_STEP_MS, Math.ceil((end - start) / input.maxPoints));
      const outcome = await room.range(expr, start, end, stepMs, signal === undefined ? {} : { signal });
      return outcome.ok ? rangeAnswer(outcome, stepMs, input, clock.monotonic() - startedAt) : outcome;
    }),
    explain: os.input(typed<ExplainQuestion>()).handler(async ({ input, signal }) => {
      const startedAt = clock.monotonic();
      const { expr, timeMs, range } = input;
      const run = { explains: true, ...(signal === undefined ? {} : { signal }) };
      const outcome =
        range === null
          ? await room.instant(expr, timeMs, run)
          : await room.range(expr, range.startMs, range.endMs, range.stepMs, run);
      return outcome.ok ? explanationOf(outcome, clock.monotonic() - startedAt) : outcome;
    }),
    names: os.input(typed<{ search: string; limit: number }>()).handler(({ input }) => {
      const known = new Map([...room.scraping.metadata()].map(({ metric, metadata }) => [metric, metadata]));
      const wanted = input.search.toLowerCase();
      const all = room.store.labelValues('__name__', [], ...EVER);
      const matching = all.filter((name) => name.toLowerCase().includes(wanted)).sort();
      return {
        total: matching.length,
        names: matching.slice(0, input.limit).map((name) => ({
          name,
          type: known.get(name)?.type ?? null,
          help: known.get(name)?.help ?? null,
        })),
      };
    }),
    labelNames: os
      .input(typed<{ match: string | null }>())
      .handler(({ input }) => listing(input.match, (selectors) => room.store.labelNames(selectors, ...EVER))),
    labelValues: os
      .input(typed<{ name: string; match: string | null }>())
      .handler(({ input }) =>
        listing(input.match, (selectors) => room.store.labelValues(input.name, selectors, ...EVER)),
      ),

    watched: os.handler(() => {
      const targets = room.targets();
      const longestIntervalMs = Math.max(15_000, ...targets.map((target) => target.scrapeIntervalMs));
      return { targets, histories: history.read(longestIntervalMs) };
    }),
    discoveries: os.handler(() => ({
      discoveries: room.scraping.discoveries(),
      dropped: room.scraping.dropped().map(({ scrapePool, count }) => ({ job: scrapePool, count })),
    })),
    scrapeNow: os.input(typed<{ id: string }>()).handler(({ input }) => room.scrapeNow(input.id)),
    ruleGroups: os.handler(() => room.rules().groups()),
    tryRule: os
      .input(typed<{ rule: TriedRule; timeoutMs: number }>())
      .handler(({ input, signal }) =>
        tryRule(input.rule, { clock, range: ruleRange, timeoutMs: input.timeoutMs, ...(signal && { signal }) }),
      ),
    limitFromHistory: os
      .input(typed<LimitQuestion>())
      .handler(({ input, signal }) => limitFromHistory(input, { clock, range: ruleRange, ...(signal && { signal }) })),
    hostReading: os.handler(() => room.host()?.reading() ?? null),
    hostFacts: os.handler(() => readHostFacts({ clock })),
    processes: os
      .input(typed<{ limit: number; withIo: boolean }>())
      .handler(({ input }) => processes.top(input.limit, input.withIo)),
    hostHardware: os.handler(async () => {
      const ofNvidia = room.host()?.gpus() ?? null;
      const [gpus, gpuProcesses, temperatures] = await Promise.all([
        ofNvidia ?? readOtherGpus(),
        ofNvidia === null || ofNvidia.length === 0 ? [] : readGpuProcesses(),
        readTemperatures(),
      ]);
      return { gpus: [...gpus], gpuProcesses, temperatures };
    }),
    discover: os.input(typed<{ excludePorts: readonly number[] }>()).handler(async ({ input, signal }) => {
      const until = signal === undefined ? {} : { signal };
      const [services, logs] = await Promise.all([
        discoverListeners({ clock, excludePorts: input.excludePorts, ...until }),
        discoverLogs(until),
      ]);
      return { services, logs };
    }),
    status: os.handler(() => ({
      store: room.store.stats(),
      scheduler: room.scheduler.stats(),
      flow: room.flow(),
      remoteWriting: room.remoteWriting(),
      discoveries: room.scraping.discoveries(),
    })),
    pause: os.input(typed<{ paused: boolean }>()).handler(({ input }) => room.pause(input.paused)),
    suspend: os.handler(() => room.scheduler.suspend()),
    resume: os.handler(() => room.scheduler.resume()),
    close: os.handler(() => onClose()),
  };
}

export type MetricsCalls = ReturnType<typeof metricsCalls>;

interface RangeQuestion {
  readonly expr: string;
  readonly start: number;
  readonly end: number;
  readonly stepMs?: number | undefined;
  readonly maxPoints: number;
  readonly maxSeries: number;
}

interface ExplainQuestion {
  readonly expr: string;
  readonly timeMs: number;
  readonly range: { readonly startMs: number; readonly endMs: number; readonly stepMs: number } | null;
}

type GoodOutcome = Extract<QueryOutcome, { ok: true }>;

function instantAnswer({ value, warnings, infos, stats }: GoodOutcome, durationMs: number) {
  const notes = { warnings, infos, stats: { durationMs, series: 0, samples: stats.samples } };
  switch (value.type) {
    case 'vector':
      return {
        ok: true as const,
        type: value.type,
        samples: value.samples.map(({ labels, timestampMs, value: v }) => ({
          labels: labelsToRecord(labels),
          at: timestampMs,
          value: encodeValue(v),
        })),
        text: null,
        ...notes,
        stats: { ...notes.stats, series: value.samples.length },
      };
    case 'scalar':
      return {
        ok: true as const,
        type: value.type,
        samples: [{ labels: {}, at: value.timestampMs, value: encodeValue(value.value) }],
        text: null,
        ...notes,
      };
    case 'string':
      return { ok: true as const, type: value.type, samples: [], text: value.value, ...notes };
    case 'matrix':
      return {
        ok: true as const,
        type: value.type,
        samples: value.series.flatMap(({ labels, timestamps, values }) =>
          Array.from(timestamps, (at, i) => ({
            labels: labelsToRecord(labels),
            at,
            value: encodeValue(values[i] ?? NaN),
          })),
        ),
        text: null,
        ...notes,
        stats: { ...notes.stats, series: value.series.length },
      };
  }
}

function explanationOf({ value, warnings, infos, stats, explanation }: GoodOutcome, durationMs: number) {
  const count = value.type === 'vector' ? value.samples.length : value.type === 'matrix' ? value.series.length : 0;
  const nodes = explanation === undefined ? [] : flatten(explanation, 0);
  return { ok: true as const, nodes, warnings, infos, stats: { durationMs, series: count, samples: stats.samples } };
}

interface FlatNode {
  readonly depth: number;
  readonly kind: string;
  readonly text: string;
  readonly series: number;
  readonly samples: number;
  readonly durationMs: number;
}

function flatten({ kind, text, series, samples, milliseconds, children }: ExplainedNode, depth: number): FlatNode[] {
  const node = { depth, kind, text, series, samples, durationMs: milliseconds };
  return [node, ...children.flatMap((child) => flatten(child, depth + 1))];
}

function rangeAnswer(
  { value, warnings, infos, stats }: GoodOutcome,
  stepMs: number,
  input: RangeQuestion,
  durationMs: number,
) {
  const series = value.type === 'matrix' ? value.series : [];
  return {
    ok: true as const,
    stepMs,
    totalSeries: series.length,
    series: series.slice(0, input.maxSeries).map((one) => {
      const { timestamps, values } = reduceColumns(one, input.maxPoints, stepMs);
      return { labels: labelsToRecord(one.labels), timestamps: Array.from(timestamps), values: encodeValues(values) };
    }),
    warnings,
    infos,
    stats: { durationMs, series: series.length, samples: stats.samples },
  };
}

/** Names or values below a selector; what is wrong with the selector where it is none. */
function listing(match: string | null, list: (selectors: readonly (readonly Matcher[])[]) => readonly string[]) {
  if (match === null) return { ok: true as const, list: [...list([])] };
  const parsed = parseSelector(match);
  if (!parsed.ok) return { ok: false as const, problem: { kind: 'bad_data', ...parsed.problem } };
  return { ok: true as const, list: [...list([parsed.value])] };
}
