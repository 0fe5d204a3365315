import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { errorText } from '../api/error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { useApp } from './app-context.ts';

/**
 * A call that changes something. A refusal or a failure is told in a toast, unless `onError` takes it.
 *
 * @param options.done  the sentence to show when it went well
 */
export function useWrite<Input, Output>(
  call: (input: Input) => Promise<Output>,
  options: {
    readonly done?: (output: Output, input: Input) => string;
    readonly onSuccess?: (output: Output, input: Input) => void;
    readonly onError?: (error: unknown) => void;
  } = {},
): UseMutationResult<Output, Error, Input> {
  const t = useText();
  const { toasts } = useApp();
  return useMutation({
    mutationFn: call,
    onSuccess: (output, input) => {
      if (options.done !== undefined) toasts.show({ tone: 'good', text: options.done(output, input) });
      options.onSuccess?.(output, input);
    },
    onError: (error) => {
      if (options.onError !== undefined) options.onError(error);
      else toasts.show({ tone: 'bad', text: errorText(error, t) });
    },
  });
}
