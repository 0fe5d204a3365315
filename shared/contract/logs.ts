import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { read } from './procedure.ts';

export const logLevelSchema = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'unknown']);
export type LogLevel = z.infer<typeof logLevelSchema>;
export const logTypeSchema = z.enum(['application', 'error', 'business', 'access']);

export const logEntrySchema = z.object({
  /** Stable; also the cursor of this place in the log. */
  id: z.string(),
  at: z.number(),
  level: logLevelSchema,
  source: z.string(),
  type: logTypeSchema,
  file: z.string(),
  /** The entry as it was written, line breaks included. */
  text: z.string(),
  fields: z.record(z.string(), z.string()),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

/**
 * What to look for. `text`: words that must all occur, in any case; `"a phrase"`; `-word` must not occur;
 * `/regexp/` in RE2's language.
 */
export const logFilterSchema = z.object({
  from: z.coerce.number(),
  to: z.coerce.number(),
  text: z.string().max(5000).default(''),
  levels: z.array(logLevelSchema).optional(),
  sources: z.array(z.string()).optional(),
});
export type LogFilter = z.infer<typeof logFilterSchema>;

export const logs = {
  search: read
    .route({ method: 'POST', path: '/logs/search', summary: 'Entries that match, newest or oldest first' })
    .input(
      logFilterSchema.extend({
        direction: z.enum(['backward', 'forward']).default('backward'),
        cursor: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(5000).default(500),
      }),
    )
    .output(
      z.object({
        entries: z.array(logEntrySchema),
        /** Where to go on; null at the end. */
        nextCursor: z.string().nullable(),
        scanned: z.number().int(),
        /** False when the search stopped at its limit of work before it was through. */
        complete: z.boolean(),
      }),
    ),
  histogram: read
    .route({ method: 'POST', path: '/logs/histogram', summary: 'Entries per stretch of time and level' })
    .input(logFilterSchema.extend({ buckets: z.coerce.number().int().min(1).max(500).default(120) }))
    .output(
      z.object({
        bucketMs: z.number(),
        /** Start of each bucket, epoch milliseconds. */
        starts: z.array(z.number()),
        counts: z.record(logLevelSchema, z.array(z.number().int())),
        total: z.number().int(),
        complete: z.boolean(),
      }),
    ),
  around: read
    .route({ method: 'POST', path: '/logs/around', summary: 'The entries before and after one, of the same source' })
    .input(
      z.object({
        id: z.string(),
        before: z.coerce.number().int().max(500).default(20),
        after: z.coerce.number().int().max(500).default(20),
      }),
    )
    .output(z.object({ entries: z.array(logEntrySchema) })),
  sources: read
    .route({ method: 'GET', path: '/logs/sources', summary: 'Log sources and the files that they follow' })
    .output(
      z.array(
        z.object({
          name: z.string(),
          type: logTypeSchema,
          files: z.array(
            z.object({
              path: z.string(),
              sizeBytes: z.number(),
              lagBytes: z.number(),
              lines: z.number().int(),
              format: z.string().nullable(),
              lastError: z.string().nullable(),
            }),
          ),
        }),
      ),
    ),
  tail: read
    .route({ method: 'POST', path: '/logs/tail', summary: 'New entries that match, in batches, as they come' })
    .input(logFilterSchema.omit({ from: true, to: true }))
    .output(eventIterator(z.object({ entries: z.array(logEntrySchema), dropped: z.number().int() }))),
};
