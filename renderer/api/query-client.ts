import { QueryClient } from '@tanstack/react-query';

/**
 * Answers stay in view while newer ones are on their way. The program is on this machine or one hop away, so nothing
 * waits for the system's idea of being online, and a failed call is shown at once: the lost connection has its own
 * retries.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: false,
        staleTime: 2000,
        gcTime: 5 * 60_000,
        refetchOnReconnect: false,
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
