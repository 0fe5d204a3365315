import type { EngineParts } from '../engine-parts.ts';
import { contractOf } from './implementer.ts';
import { until } from './metric-calls.ts';

export function logCalls({ logs, configuration }: EngineParts) {
  const calls = contractOf.logs;
  return {
    search: calls.search.handler(async ({ input, signal, errors }) => {
      const answer = await logs().search(input, until(signal));
      if (!answer.ok) throw badText(errors, answer.problem);
      const { ok: _, ...page } = answer;
      return page;
    }),
    histogram: calls.histogram.handler(async ({ input, signal, errors }) => {
      const answer = await logs().histogram(input, until(signal));
      if (!answer.ok) throw badText(errors, answer.problem);
      const { ok: _, ...histogram } = answer;
      return histogram;
    }),
    around: calls.around.handler(async ({ input, signal, errors }) => {
      const context = await logs().around(input, until(signal));
      if (context === null) throw errors.NOT_FOUND({ message: 'That entry is not kept any more.' });
      return context;
    }),
    sources: calls.sources.handler(async () => {
      const files = await logs().files();
      return configuration.current().logs.map((source) => ({
        name: source.name,
        type: source.type,
        files: files
          .filter((file) => file.source === source.name)
          .map(({ path, sizeBytes, lagBytes, lines, format, lastError }) => ({
            path,
            sizeBytes,
            lagBytes,
            lines,
            format,
            lastError,
          })),
      }));
    }),
    tail: calls.tail.handler(async ({ input, signal, errors }) => {
      const answer = await logs().tail(input, until(signal));
      if ('problem' in answer) throw badText(errors, answer.problem);
      return answer;
    }),
  };
}

interface TextErrors {
  BAD_EXPRESSION(options: { message: string; data: { line: number | null; column: number | null } }): Error;
}

function badText(errors: TextErrors, problem: { readonly message: string; readonly column: number }): Error {
  return errors.BAD_EXPRESSION({ message: problem.message, data: { line: 1, column: problem.column } });
}
