import { useLingui } from '@lingui/react';
import { useMemo } from 'react';
import type { MessageKey } from './en.ts';

export type TextValues = Readonly<Record<string, string | number>>;
/** The text of a key in the language of the interface, with its values put in. */
export type Translate = (key: MessageKey, values?: TextValues) => string;

/** The texts of the interface; the component renders again when the language changes. */
export function useText(): Translate {
  // `_` is a new function after each change of language, so what depends on it is computed again.
  const { _ } = useLingui();
  return useMemo<Translate>(() => (key, values) => _(key, values), [_]);
}
