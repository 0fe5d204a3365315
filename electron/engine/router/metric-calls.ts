import type { EngineParts } from '../engine-parts.ts';
import { createQuestionAnswers, type SourceAnswer } from '../remote/question-answers.ts';
import { contractOf } from './implementer.ts';

export function metricCalls({ metrics, dataSources, clock }: EngineParts) {
  const calls = contractOf.metrics;
  const remote = createQuestionAnswers(dataSources, () => clock.monotonic());
  return {
    dataSources: calls.dataSources.handler(() => dataSources.list()),
    query: calls.query.handler(async ({ input, signal, errors }) => {
      const { expr, time = clock.now(), source } = input;
      if (source !== undefined) return valueOf(await remote.instant(source, expr, time, patience(signal)), errors);
      const answer = await metrics().query({ expr, timeMs: time }, until(signal));
      if (!answer.ok) throw refusal(errors, answer.problem);
      const { ok: _, ...rest } = answer;
      return { ...rest, warnings: [...rest.warnings], infos: [...rest.infos] };
    }),
    queryRange: calls.queryRange.handler(async ({ input, signal, errors }) => {
      const { source, ...question } = input;
      if (source !== undefined) return valueOf(await remote.range(source, question, patience(signal)), errors);
      const answer = await metrics().queryRange(question, until(signal));
      if (!answer.ok) throw refusal(errors, answer.problem);
      const { ok: _, ...rest } = answer;
      return { ...rest, warnings: [...rest.warnings], infos: [...rest.infos] };
    }),
    explain: calls.explain.handler(async ({ input, signal, errors }) => {
      const { expr, time, start, end, stepMs } = input;
      const now = clock.now();
      const range = start === undefined ? null : { startMs: start, endMs: end ?? now, stepMs };
      const answer = await metrics().explain({ expr, timeMs: time ?? now, range }, until(signal));
      if (!answer.ok) throw refusal(errors, answer.problem);
      const { ok: _, ...rest } = answer;
      return { ...rest, warnings: [...rest.warnings], infos: [...rest.infos] };
    }),
    names: calls.names.handler(async ({ input, signal, errors }) => {
      const { source, ...question } = input;
      if (source === undefined) return metrics().names(question);
      return valueOf(await remote.names(source, question, patience(signal)), errors);
    }),
    labelNames: calls.labelNames.handler(async ({ input, signal, errors }) => {
      const { source, match } = input;
      if (source !== undefined) return valueOf(await remote.list(source, null, match, patience(signal)), errors);
      const answer = await metrics().labelNames({ match: input.match ?? null });
      if (!answer.ok) throw refusal(errors, answer.problem);
      return answer.list;
    }),
    labelValues: calls.labelValues.handler(async ({ input, signal, errors }) => {
      const { source, name, match } = input;
      if (source !== undefined) return valueOf(await remote.list(source, name, match, patience(signal)), errors);
      const answer = await metrics().labelValues({ name: input.name, match: input.match ?? null });
      if (!answer.ok) throw refusal(errors, answer.problem);
      return answer.list;
    }),
  };
}

/** A call without a signal is never given up. */
function patience(signal: AbortSignal | undefined): AbortSignal {
  return signal ?? new AbortController().signal;
}

function valueOf<T>(answer: SourceAnswer<T>, errors: QueryErrors): T {
  if (answer.ok) return answer.value;
  throw refusal(errors, answer.problem);
}

/** Pass the caller's patience on to the worker. */
export function until(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

interface QueryErrors {
  BAD_EXPRESSION(options: { message: string; data: { line: number | null; column: number | null } }): Error;
  TIMEOUT(options: { message: string }): Error;
  NOT_FOUND(options: { message: string }): Error;
  UNAVAILABLE(options: { message: string }): Error;
}

interface QueryRefusal {
  readonly kind: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

function refusal(errors: QueryErrors, { kind, message, line, column }: QueryRefusal): Error {
  if (kind === 'timeout' || kind === 'canceled') return errors.TIMEOUT({ message });
  if (kind === 'not_found') return errors.NOT_FOUND({ message });
  if (kind === 'unavailable') return errors.UNAVAILABLE({ message });
  return errors.BAD_EXPRESSION({ message, data: { line: line ?? null, column: column ?? null } });
}
