import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { LogsSearch } from './route.ts';

/** Change a part of the address; the way back leads over each search, not over each line. */
export function useChangeSearch(): (changes: { [Name in keyof LogsSearch]?: LogsSearch[Name] | undefined }) => void {
  const navigate = useNavigate();
  return useCallback(
    (changes) => {
      const replace = 'line' in changes;
      void navigate({ to: '.', replace, search: (old: object) => ({ ...old, ...changes }) as never });
    },
    [navigate],
  );
}
