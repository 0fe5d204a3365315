import type { Duration } from './expr.ts';

/** What a duration may refer to: the step of the query and the time between its start and its end. */
export interface QueryExtent {
  readonly stepMs: number;
  readonly rangeMs: number;
}

/** Milliseconds of a duration, rounded to whole ones; may be negative or not finite. */
export function durationMs(duration: Duration, extent: QueryExtent): number {
  return Math.round(seconds(duration, extent) * 1000);
}

/** Why a duration cannot be computed; `null` when it can. */
export function durationFault(duration: Duration, extent: QueryExtent): string | null {
  switch (duration.kind) {
    case 'seconds':
    case 'step':
    case 'range':
      return null;
    case 'negate':
      return durationFault(duration.operand, extent);
    case 'combine': {
      const { operator, left, right } = duration;
      const fault = durationFault(left, extent) ?? durationFault(right, extent);
      if (fault !== null || (operator !== '/' && operator !== '%') || seconds(right, extent) !== 0) return fault;
      return operator === '/' ? 'division by zero' : 'modulo by zero';
    }
  }
}

function seconds(duration: Duration, extent: QueryExtent): number {
  switch (duration.kind) {
    case 'seconds':
      return duration.seconds;
    case 'step':
      return extent.stepMs / 1000;
    case 'range':
      return extent.rangeMs / 1000;
    case 'negate':
      return -seconds(duration.operand, extent);
    case 'combine':
      return combine(duration.operator, seconds(duration.left, extent), seconds(duration.right, extent));
  }
}

function combine(operator: (Duration & { kind: 'combine' })['operator'], left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return left ** right;
    case 'min_of':
      return Math.min(left, right);
    case 'max_of':
      return Math.max(left, right);
  }
}

/** Whether the duration is the same in every query, so that it can be checked where it is written. */
export function isConstant(duration: Duration): boolean {
  switch (duration.kind) {
    case 'seconds':
      return true;
    case 'step':
    case 'range':
      return false;
    case 'negate':
      return isConstant(duration.operand);
    case 'combine':
      return isConstant(duration.left) && isConstant(duration.right);
  }
}
