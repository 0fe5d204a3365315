import { useQueryClient } from '@tanstack/react-query';
import type { Alert } from '../../../shared/contract/alerts.ts';
import { useApp } from '../../app/app-context.ts';
import { useWrite } from '../../app/use-write.ts';
import { useText } from '../../i18n/use-text.ts';

export const SNOOZE_MS = 3_600_000;

/** What can be done about alerts; each says in a toast what came of it, with undo. */
export function useAlertActions() {
  const t = useText();
  const { api, client, toasts } = useApp();
  const queries = useQueryClient();
  const refresh = (): void => {
    void queries.invalidateQueries({ queryKey: api.alerts.active.key() });
  };
  const done = (text: string, undo: () => void): void => {
    toasts.show({ tone: 'good', text, undo });
  };
  const unacknowledge = useWrite(async (ids: readonly string[]) => client.alerts.unacknowledge({ ids: [...ids] }), {
    done: ({ done: ids }) => t('alerts.unacknowledgedCount', { count: ids.length }),
    onSuccess: refresh,
  });
  const unsnooze = useWrite(async (ids: readonly string[]) => client.alerts.unsnooze({ ids: [...ids] }), {
    done: ({ done: ids }) => t('alerts.unsnoozedCount', { count: ids.length }),
    onSuccess: refresh,
  });
  const acknowledge = useWrite(
    async ({ ids, note }: { ids: readonly string[]; note: string }) =>
      client.alerts.acknowledge({ ids: [...ids], note }),
    {
      onSuccess: ({ done: ids }) => {
        refresh();
        done(t('alerts.acknowledgedCount', { count: ids.length }), () => {
          unacknowledge.mutate(ids);
        });
      },
    },
  );
  const snooze = useWrite(
    async (ids: readonly string[]) => client.alerts.snooze({ ids: [...ids], until: Date.now() + SNOOZE_MS }),
    {
      onSuccess: ({ done: ids }) => {
        refresh();
        done(t('alerts.snoozedCount', { count: ids.length }), () => {
          unsnooze.mutate(ids);
        });
      },
    },
  );
  return { acknowledge, unacknowledge, snooze, unsnooze };
}

/** Whether it is held back by a snooze at this moment. */
export function isSnoozed({ handling }: Alert, now: number): boolean {
  return (handling?.snoozed?.until ?? 0) > now;
}
