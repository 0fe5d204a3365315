import { ShortcutList } from '../../app/ShortcutList.tsx';
import { usePreferences } from '../../app/use-preferences.ts';
import { useText } from '../../i18n/use-text.ts';
import { Switch } from '../../ui/Switch.tsx';
import { Section, Setting } from './Setting.tsx';

/** The keys, and the switch that turns those of a single letter off. */
export function ShortcutSection() {
  const t = useText();
  const { preferences, change } = usePreferences();
  return (
    <Section title={t('settings.shortcuts')} id="shortcuts">
      <Setting label={t('settings.singleKeys')} hint={t('settings.singleKeysHint')}>
        <Switch
          label={t('settings.singleKeys')}
          checked={preferences.singleKeyShortcuts}
          onChange={(singleKeyShortcuts) => {
            change({ singleKeyShortcuts });
          }}
        />
      </Setting>
      <Setting label={t('keys.title')} wide>
        <ShortcutList />
      </Setting>
    </Section>
  );
}
