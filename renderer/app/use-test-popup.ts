import type { UseMutationResult } from '@tanstack/react-query';
import type { Delivery } from '../../shared/contract/alerts.ts';
import { useText } from '../i18n/use-text.ts';
import { useApp } from './app-context.ts';
import { useWrite } from './use-write.ts';

/** Show a test popup, and say in a toast what became of it. */
export function useTestPopup(): UseMutationResult<Delivery, Error, undefined> {
  const t = useText();
  const { client, toasts } = useApp();
  return useWrite(async (_: undefined) => client.alerts.testNotification(), {
    onSuccess: ({ outcome, channel, message }) => {
      const delivered = outcome === 'delivered';
      toasts.show({
        tone: delivered ? 'good' : 'bad',
        text: t(delivered ? 'command.testShown' : 'command.testFailed', { channel, message: message ?? outcome }),
      });
    },
  });
}
