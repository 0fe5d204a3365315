import type { EngineParts } from '../engine-parts.ts';
import { contractOf } from './implementer.ts';

export function metricCalls({ metrics, clock }: EngineParts) {
  const calls = contractOf.metrics;
  return {
    query: calls.query.handler(async ({ input, signal, errors }) => {
      const answer = await metrics().query({ expr: input.expr, timeMs: input.time ?? clock.now() }, until(signal));
      if (!answer.ok) throw refusal(errors, answer.problem);
      const { ok: _, ...rest } = answer;
      return { ...rest, warnings: [...rest.warnings], infos: [...rest.infos] };
    }),
    queryRange: calls.queryRange.handler(async ({ input, signal, errors }) => {
      const answer = await metrics().queryRange(input, until(signal));
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
    names: calls.names.handler(({ input }) => metrics().names(input)),
    labelNames: calls.labelNames.handler(async ({ input, errors }) => {
      const answer = await metrics().labelNames({ match: input.match ?? null });
      if (!answer.ok) throw refusal(errors, answer.problem);
      return answer.list;
    }),
    labelValues: calls.labelValues.handler(async ({ input, errors }) => {
      const answer = await metrics().labelValues({ name: input.name, match: input.match ?? null });
      if (!answer.ok) throw refusal(errors, answer.problem);
      return answer.list;
    }),
  };
}

/** Pass the caller's patience on to the worker. */
export function until(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

interface QueryErrors {
  BAD_EXPRESSION(options: { message: string; data: { line: number | null; column: number | null } }): Error;
  TIMEOUT(options: { message: string }): Error;
}

interface QueryRefusal {
  readonly kind: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

function refusal(errors: QueryErrors, { kind, message, line, column }: QueryRefusal): Error {
  if (kind === 'timeout' || kind === 'canceled') return errors.TIMEOUT({ message });
  return errors.BAD_EXPRESSION({ message, data: { line: line ?? null, column: column ?? null } });
}
