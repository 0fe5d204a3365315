import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { isAnswered, isRefused } from '../api/error-text.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../../shared/model/preferences.ts';
import { useApp } from './app-context.ts';
import { forgetUnsent, readKept, readUnsent, subscribeKept, writeKept, writeUnsent } from './kept-preferences.ts';

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
      writeUnsent(changes);
    },
    onSuccess: (_answer, changes) => {
      forgetUnsent(changes);
      // An answer to an earlier question may still be under way, without this change.
      void queries.invalidateQueries({ queryKey: key });
    },
    onError: (error, changes) => {
      // An answer is final. Without one the page may be going away, and leaves the change to the next.
      if (isAnswered(error)) forgetUnsent(changes);
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

/** Sends what an earlier page changed and did not live to see confirmed; once, when the window opens. */
export function useUnsentPreferences(): void {
  const { change } = usePreferences();
  useEffect(() => {
    const unsent = readUnsent();
    if (Object.keys(unsent).length > 0) change(unsent);
  }, [change]);
}
