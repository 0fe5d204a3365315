import type { Preferences } from '../../../shared/model/preferences.ts';
import { usePreferences } from '../../app/use-preferences.ts';
import { useText } from '../../i18n/use-text.ts';
import { Select } from '../../ui/Select.tsx';
import { Section, Setting } from './Setting.tsx';

/** Colours, language, density. */
export function AppearanceSection() {
  const t = useText();
  const { preferences, change } = usePreferences();
  const themes: readonly { value: Preferences['theme']; text: string }[] = [
    { value: 'system', text: t('settings.fromSystem') },
    { value: 'light', text: t('settings.light') },
    { value: 'dark', text: t('settings.dark') },
  ];
  const languages: readonly { value: Preferences['language']; text: string }[] = [
    { value: 'system', text: t('settings.fromSystem') },
    { value: 'en', text: 'English' },
    { value: 'zh-CN', text: '中文（简体）' },
  ];
  const densities: readonly { value: Preferences['density']; text: string }[] = [
    { value: 'compact', text: t('settings.compact') },
    { value: 'normal', text: t('settings.normal') },
    { value: 'roomy', text: t('settings.roomy') },
  ];
  return (
    <Section title={t('settings.appearance')} id="appearance">
      <Setting label={t('settings.theme')} keywords="theme dark light 主题">
        <Select
          label={t('settings.theme')}
          value={preferences.theme}
          options={themes}
          onChange={(theme) => {
            change({ theme });
          }}
        />
      </Setting>
      <Setting label={t('settings.language')} keywords="language english chinese 语言 中文">
        <Select
          label={t('settings.language')}
          value={preferences.language}
          options={languages}
          onChange={(language) => {
            change({ language });
          }}
        />
      </Setting>
      <Setting label={t('settings.density')} hint={t('settings.densityHint')}>
        <Select
          label={t('settings.density')}
          value={preferences.density}
          options={densities}
          onChange={(density) => {
            change({ density });
          }}
        />
      </Setting>
    </Section>
  );
}
