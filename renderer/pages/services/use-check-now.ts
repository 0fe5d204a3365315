import { useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import type { Beat, Service } from '../../../shared/contract/services.ts';
import { useApp } from '../../app/app-context.ts';
import { useWrite } from '../../app/use-write.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { stateWord } from '../../ui/StateMark.tsx';

/** Look at a service at once, and say in a toast what was seen. */
export function useCheckNow({ id, name }: Pick<Service, 'id' | 'name'>): UseMutationResult<Beat, Error, undefined> {
  const t = useText();
  const format = useFormat();
  const { api, client, toasts } = useApp();
  const queries = useQueryClient();
  return useWrite(async (_: undefined) => client.services.checkNow({ id }), {
    onSuccess: ({ state, durationMs, message }) => {
      const details = [durationMs === null ? null : format.duration(durationMs), message].filter((one) => one !== null);
      toasts.show({
        tone: state === 'down' ? 'bad' : 'good',
        text: t('services.checked', { name, state: t(stateWord(state)), details: details.join(' · ') }),
      });
      void queries.invalidateQueries({ queryKey: api.services.key() });
    },
  });
}
