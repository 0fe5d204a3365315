import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../../shared/contract/index.ts';
import type { Problem } from '../config/index.ts';
import type { WireProblem } from '../../../shared/contract/procedure.ts';
import type { Caller } from './caller.ts';

/**
 * The contract, ready to be implemented. What a call may do is part of its description, so that the right to write is
 * checked here once, for every carrier and every call.
 */
export const contractOf = implement(contract)
  .$context<Caller>()
  .use(async ({ context, procedure, next }) => {
    if (procedure['~orpc'].meta.access === 'write' && !context.mayWrite) {
      throw new ORPCError('FORBIDDEN', {
        message: 'This needs the token of the installation, or a window opened by it.',
      });
    }
    return next();
  });

export function wireProblem({ file, line, column, message, remedy }: Problem): WireProblem {
  return {
    file,
    line: line === 0 ? null : line,
    column: column === 0 ? null : column,
    message,
    remedy: remedy === '' ? null : remedy,
  };
}
