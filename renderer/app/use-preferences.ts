import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { isRefused } from '../api/error-text.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../../shared/model/preferences.ts';
import { useApp } from './app-context.ts';
import { readKept, writeKept, subscribeKept } from './kept-preferences.ts';

export interface PreferenceControl {
  readonly preferences: Preferences;
  /** Applies at once. Without the right to change the program's settings it is kept in this browser alone. */
  readonly change: (changes: Partial<Preferences>) => void;
}

/** What this person prefers. Until the program has answered, what this window remembers from last time. */
export function usePreferences(): PreferenceControl {
  const { api, client } = useApp();
  const queries = useQueryClient();
  const kept = useSyncExternalStore(subscribeKept, readKept);
  const settings = useQuery(api.settings.get.queryOptions({ staleTime: Infinity }));
  const key = api.settings.get.queryKey();
  const { mutate } = useMutation({
    mutationFn: async (changes: Partial<Preferences>) => client.settings.set(changes),
    onMutate: (changes) => {
      queries.setQueryData(key, (old) =>
        old === undefined ? old : { ...old, preferences: { ...old.preferences, ...changes } },
      );
      writeKept(changes);
    },
    onError: (error) => {
      if (!isRefused(error)) void queries.invalidateQueries({ queryKey: key });
    },
  });
  const answered = settings.data;
  const preferences = useMemo(() => {
    if (answered === undefined) return { ...DEFAULT_PREFERENCES, ...kept };
    // Without the right to change them, this browser's own choice goes before the program's.
    return answered.capabilities.mayWrite ? answered.preferences : { ...answered.preferences, ...kept };
  }, [answered, kept]);
  const change = useCallback(
    (changes: Partial<Preferences>) => {
      mutate(changes);
    },
    [mutate],
  );
  return useMemo(() => ({ preferences, change }), [preferences, change]);
}
