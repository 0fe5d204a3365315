import { I18nProvider } from '@lingui/react';
import { useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { createI18n, languageFor } from '../i18n/language.ts';
import { useApp } from './app-context.ts';
import { LookContext } from './look.ts';
import { usePreferences, useUnsentPreferences } from './use-preferences.ts';

/** Applies theme, density, language and keys to the whole window. */
export function Appearance({ children }: { children: ReactNode }) {
  const { shortcuts } = useApp();
  const { preferences } = usePreferences();
  useUnsentPreferences();
  const prefersDark = useMedia('(prefers-color-scheme: dark)');
  const theme = preferences.theme === 'system' ? (prefersDark ? 'dark' : 'light') : preferences.theme;
  const language = languageFor(preferences.language, navigator.languages);
  const [i18n] = useState(() => createI18n(language));

  useEffect(() => {
    const root = document.documentElement;
    root.dataset['theme'] = theme;
    root.dataset['density'] = preferences.density;
    root.lang = language;
    if (i18n.locale !== language) i18n.activate(language);
    shortcuts.setSingleKeys(preferences.singleKeyShortcuts);
  }, [theme, preferences.density, preferences.singleKeyShortcuts, language, i18n, shortcuts]);

  const look = useMemo(
    () => ({ theme, density: preferences.density, language }),
    [theme, preferences.density, language],
  );
  return (
    <LookContext value={look}>
      <I18nProvider i18n={i18n}>{children}</I18nProvider>
    </LookContext>
  );
}

/** Whether a media query holds, as it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => {
        media.removeEventListener('change', listener);
      };
    },
    () => window.matchMedia(query).matches,
  );
}
