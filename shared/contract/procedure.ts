import { oc } from '@orpc/contract';
import * as z from 'zod';

/** What a call may do: a `read` changes nothing; a `write` needs the caller's right to change things. */
export interface CallMeta {
  readonly access: 'read' | 'write';
}

/** A place in a text that a person wrote, 1-based. */
export const problemSchema = z.object({
  file: z.string().nullable(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  message: z.string(),
  remedy: z.string().nullable(),
});
export type WireProblem = z.infer<typeof problemSchema>;

/**
 * The errors that a call may give, beside the carrier's own (UNAUTHORIZED, FORBIDDEN, BAD_REQUEST for a broken schema).
 * The list is closed: the interface has a sentence for each.
 */
const base = oc.$meta<CallMeta>({ access: 'read' }).errors({
  NOT_FOUND: { status: 404, message: 'Nothing has that name.' },
  BAD_EXPRESSION: {
    status: 400,
    message: 'The expression cannot be used.',
    data: z.object({ line: z.number().int().nullable(), column: z.number().int().nullable() }),
  },
  BAD_CONFIG: {
    status: 422,
    message: 'The configuration has problems.',
    data: z.object({ problems: z.array(problemSchema) }),
  },
  CONFLICT: { status: 409, message: 'The file has changed since it was read.' },
  TIMEOUT: { status: 504, message: 'The answer took too long.' },
  UNAVAILABLE: { status: 503, message: 'That part of the program is not running.' },
});

export const read = base;
export const write = base.meta({ access: 'write' });
