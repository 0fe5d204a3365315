import { createContext, use } from 'react';
import type { Preferences } from '../../shared/model/preferences.ts';
import type { Language } from '../i18n/language.ts';

/** How the interface looks at the moment, with the system's wishes already taken in. */
export interface Look {
  readonly theme: 'light' | 'dark';
  readonly density: Preferences['density'];
  readonly language: Language;
}

export const LookContext = createContext<Look>({ theme: 'light', density: 'normal', language: 'en' });

export function useLook(): Look {
  return use(LookContext);
}
