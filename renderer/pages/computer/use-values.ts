import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { METRIC_NAME } from '../../../shared/model/labels.ts';
import { decodeValue } from '../../../shared/model/wire-value.ts';
import { useApp } from '../../app/app-context.ts';

export interface PresentValue {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The series of an expression as they are now, read again while the page is open; undefined before the first answer. */
export function usePresentValues(expr: string): readonly PresentValue[] | undefined {
  const { api } = useApp();
  const answer = useQuery(
    api.metrics.query.queryOptions({ input: { expr }, refetchInterval: 15_000, placeholderData: keepPreviousData }),
  );
  return answer.data?.samples.map(({ labels, value }) => ({
    name: labels[METRIC_NAME] ?? '',
    labels,
    value: decodeValue(value),
  }));
}
