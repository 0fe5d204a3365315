import { compareLabels, reduceColumns } from '../query/promql/index.ts';
import { labelsFromRecord, type LabelRecord } from '../../../shared/model/labels.ts';
import { encodeValue, encodeValues, type WireValue } from '../../../shared/model/wire-value.ts';
import type { DataSources } from './data-sources.ts';

/** A question to a data source failed; `kind` as Prometheus's API names it. */
export interface SourceProblem {
  readonly kind: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export type SourceAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: SourceProblem };

interface Notes {
  readonly warnings: string[];
  readonly infos: string[];
  readonly stats: { readonly durationMs: number; readonly series: number; readonly samples: number };
}

export interface SourceRange extends Notes {
  readonly stepMs: number;
  readonly totalSeries: number;
  readonly series: { labels: LabelRecord; timestamps: number[]; values: WireValue[] }[];
}

export interface SourceInstant extends Notes {
  readonly type: 'vector' | 'scalar' | 'string' | 'matrix';
  readonly samples: { labels: LabelRecord; at: number; value: WireValue }[];
  readonly text: string | null;
}

export interface SourceMetric {
  readonly name: string;
  readonly type: string | null;
  readonly help: string | null;
}

/** The interface's questions, put to a data source over Prometheus's API and answered as this instance would. */
export interface QuestionAnswers {
  instant(source: string, expr: string, timeMs: number, signal: AbortSignal): Promise<SourceAnswer<SourceInstant>>;
  range(source: string, question: RangeQuestion, signal: AbortSignal): Promise<SourceAnswer<SourceRange>>;
  names(
    source: string,
    question: { readonly search: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<SourceAnswer<{ names: SourceMetric[]; total: number }>>;
  /** Names of labels, or the values of `label`, below a selector. */
  list(
    source: string,
    label: string | null,
    match: string | undefined,
    signal: AbortSignal,
  ): Promise<SourceAnswer<string[]>>;
}

export interface RangeQuestion {
  readonly expr: string;
  readonly start: number;
  readonly end: number;
  readonly stepMs?: number | undefined;
  readonly maxPoints: number;
  readonly maxSeries: number;
}

const FINEST_STEP_MS = 1_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** @param monotonic a clock in milliseconds, for how long an answer took */
export function createQuestionAnswers(sources: Pick<DataSources, 'ask'>, monotonic: () => number): QuestionAnswers {
  async function ask<T>(
    source: string,
    path: string,
    params: Readonly<Record<string, readonly string[]>>,
    signal: AbortSignal,
    read: (data: unknown, notes: Notes) => T,
  ): Promise<SourceAnswer<T>> {
    const startedAt = monotonic();
    const reply = await sources.ask({ path, params, dataSource: source, acceptsGzip: false }, signal);
    if (reply === null) return refused('not_found', `There is no data source "${source}".`);
    const text = await textOf(reply.body);
    if (text === null) return refused('execution', `The answer of "${source}" is larger than 64 MB.`);
    const envelope = parse(text);
    if (envelope === null) {
      return refused('unavailable', `"${source}" answered with status ${String(reply.status)} and no JSON.`);
    }
    if (envelope.status !== 'success') {
      const message = envelope.error ?? `"${source}" answered with status ${String(reply.status)}.`;
      return { ok: false, problem: { kind: envelope.errorType ?? 'unavailable', message, ...placeIn(message) } };
    }
    const notes: Notes = {
      warnings: [...(envelope.warnings ?? [])],
      infos: [...(envelope.infos ?? [])],
      stats: { durationMs: monotonic() - startedAt, series: 0, samples: 0 },
    };
    return { ok: true, value: read(envelope.data, notes) };
  }

  return {
    instant: (source, expr, timeMs, signal) =>
      ask(source, 'api/v1/query', { query: [expr], time: [seconds(timeMs)] }, signal, readInstant),
    range(source, { expr, start, end, stepMs, maxPoints, maxSeries }, signal) {
      const step = stepMs ?? Math.max(FINEST_STEP_MS, Math.ceil((end - start) / maxPoints));
      const params = { query: [expr], start: [seconds(start)], end: [seconds(end)], step: [seconds(step)] };
      return ask(source, 'api/v1/query_range', params, signal, (data, notes) =>
        readRange(data, notes, step, maxPoints, maxSeries),
      );
    },
    async names(source, { search, limit }, signal) {
      const all = await ask(source, 'api/v1/label/__name__/values', {}, signal, texts);
      if (!all.ok) return all;
      const wanted = search.toLowerCase();
      const matching = all.value.filter((name) => name.toLowerCase().includes(wanted));
      // Not every server with this API has metadata; the names alone will do then.
      const described = await ask(source, 'api/v1/metadata', { limit_per_metric: ['1'] }, signal, readMetadata);
      const known = described.ok ? described.value : new Map<string, Omit<SourceMetric, 'name'>>();
      const names = matching.slice(0, limit).map((name) => ({ name, ...(known.get(name) ?? UNDESCRIBED) }));
      return { ok: true, value: { names, total: matching.length } };
    },
    list(source, label, match, signal) {
      const path = label === null ? 'api/v1/labels' : `api/v1/label/${label}/values`;
      return ask(source, path, match === undefined ? {} : { 'match[]': [match] }, signal, texts);
    },
  };
}

const UNDESCRIBED = { type: null, help: null };

function refused(kind: string, message: string): { readonly ok: false; readonly problem: SourceProblem } {
  return { ok: false, problem: { kind, message } };
}

function seconds(ms: number): string {
  return String(ms / 1000);
}

/** Prometheus puts the place of a fault before it: `1:5: parse error: …`. */
function placeIn(message: string): { readonly line?: number; readonly column?: number } {
  const [, line, column] = /\b(\d+):(\d+): parse error/.exec(message) ?? [];
  return line === undefined || column === undefined ? {} : { line: Number(line), column: Number(column) };
}

/** null when it is too long. */
async function textOf(body: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<string | null> {
  if (typeof body === 'string') return Buffer.from(body, 'latin1').toString();
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > MOST_BYTES) return null;
    pieces.push(piece.slice());
  }
  return Buffer.concat(pieces).toString('utf8');
}

interface Envelope {
  readonly status?: string;
  readonly errorType?: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly data?: unknown;
}

function parse(text: string): Envelope | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

type Point = readonly [seconds: number, value: string];

/** `data` of a query. Source: Prometheus manual, "Expression query result formats". */
type QueryData =
  | { readonly resultType: 'vector'; readonly result: readonly { metric: LabelRecord; value?: Point }[] }
  | { readonly resultType: 'matrix'; readonly result: readonly { metric: LabelRecord; values?: readonly Point[] }[] }
  | { readonly resultType: 'scalar' | 'string'; readonly result: Point };

function readInstant(data: unknown, notes: Notes): SourceInstant {
  const { resultType: type, result } = data as QueryData;
  const sample = (labels: LabelRecord, [at, value]: Point): SourceInstant['samples'][number] => ({
    labels,
    at: Math.round(at * 1000),
    value: encodeValue(numberOf(value)),
  });
  // Native histograms come without `value` and `values`; there is no number to show for them.
  const given = (series: number): Notes => ({ ...notes, stats: { ...notes.stats, series } });
  switch (type) {
    case 'vector': {
      const samples = result.flatMap(({ metric, value }) => (value === undefined ? [] : [sample(metric, value)]));
      return { type, samples, text: null, ...given(samples.length) };
    }
    case 'matrix': {
      const samples = result.flatMap(({ metric, values }) => (values ?? []).map((point) => sample(metric, point)));
      return { type, samples, text: null, ...given(result.length) };
    }
    case 'scalar':
      return { type, samples: [sample({}, result)], text: null, ...notes };
    case 'string':
      return { type, samples: [], text: result[1], ...notes };
  }
}

function readRange(data: unknown, notes: Notes, stepMs: number, maxPoints: number, maxSeries: number): SourceRange {
  const { resultType, result } = data as QueryData;
  const all = resultType === 'matrix' ? result : [];
  const sorted = all
    .map(({ metric, values }) => ({ labels: labelsFromRecord(metric), metric, values: values ?? [] }))
    .sort((a, b) => compareLabels(a.labels, b.labels));
  const series = sorted.slice(0, maxSeries).map(({ metric, values }) => {
    const columns = {
      timestamps: Float64Array.from(values, ([at]) => Math.round(at * 1000)),
      values: Float64Array.from(values, ([, value]) => numberOf(value)),
    };
    const reduced = reduceColumns(columns, maxPoints, stepMs);
    return { labels: metric, timestamps: Array.from(reduced.timestamps), values: encodeValues(reduced.values) };
  });
  const stats = { ...notes.stats, series: all.length };
  return { stepMs, totalSeries: all.length, series, ...notes, stats };
}

function readMetadata(data: unknown): Map<string, Omit<SourceMetric, 'name'>> {
  const described = data as Readonly<Record<string, readonly { readonly type?: string; readonly help?: string }[]>>;
  return new Map(
    Object.entries(described).map(([name, [first]]) => [
      name,
      { type: first?.type ?? null, help: first?.help === undefined || first.help === '' ? null : first.help },
    ]),
  );
}

function texts(data: unknown): string[] {
  return Array.isArray(data) ? data.filter((text): text is string => typeof text === 'string') : [];
}

/** Go writes infinities as `+Inf` and `-Inf`. */
function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
