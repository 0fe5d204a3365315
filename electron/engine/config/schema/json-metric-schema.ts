import { query } from 'jsonpath-rfc9535';
import { z } from 'zod';
import { decimal, labelMap, strict, text } from './values.ts';

const path = z.string().superRefine((value, context) => {
  complain(value, context);
});

const jsonMetric = strict({
  name: text().min(1, 'The name is empty'),
  type: z.enum(['counter', 'gauge', 'unknown']).optional(),
  help: text().optional(),
  unit: text().optional(),
  each: path.optional(),
  value: path.optional(),
  map: z.record(z.string(), decimal).optional(),
  scale: decimal.optional(),
  labels: labelMap
    .superRefine((labels, context) => {
      for (const [name, value] of Object.entries(labels)) {
        if (value.startsWith('$')) complain(value, context, [name]);
      }
    })
    .optional(),
  timestamp: path.optional(),
});
export type RawJsonMetric = z.output<typeof jsonMetric>;

/** Series out of a JSON answer; a key of this program's own. */
export const jsonMetrics = z.array(jsonMetric).min(1, 'The list is empty');

/** Every path is tried, so that a slip is found before the first scrape. */
function complain(value: string, context: z.core.$RefinementCtx, at: string[] = []): void {
  try {
    query(null, value);
  } catch (error) {
    const fault = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    const message = `"${value}" is no JSON path: ${fault}.`;
    const params = { remedy: 'Write it like $.queue.depth (RFC 9535).' };
    context.addIssue({ code: 'custom', message, path: at, params });
  }
}
