import { useMemo } from 'react';
import type { RangeExpression } from '../../chart/use-range-query.ts';

/** Two expressions with their names in the language of the interface, the same array from render to render. */
export function useNamed(
  first: string,
  firstName: string,
  second: string,
  secondName: string,
): readonly RangeExpression[] {
  return useMemo(
    () => [
      { expr: first, name: firstName },
      { expr: second, name: secondName },
    ],
    [first, firstName, second, secondName],
  );
}
