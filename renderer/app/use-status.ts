import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { SystemStatus } from '../../shared/contract/system.ts';
import { useApp } from './app-context.ts';

/** Its own cost changes without an event, so the state of the program is read every few seconds. */
const STATUS_INTERVAL_MS = 5000;

export function useStatus(): UseQueryResult<SystemStatus> {
  const { api } = useApp();
  return useQuery(api.system.status.queryOptions({ refetchInterval: STATUS_INTERVAL_MS }));
}

/** How many alerts fire; 0 while it is not known. */
export function useFiringCount(): number {
  const firing = useStatus().data?.firing;
  return firing === undefined ? 0 : firing.critical + firing.warning + firing.info;
}

/** Whether the caller may change things; null until it is known. */
export function useMayWrite(): boolean | null {
  const { api } = useApp();
  const settings = useQuery(api.settings.get.queryOptions({ staleTime: Infinity }));
  return settings.data?.capabilities.mayWrite ?? null;
}
