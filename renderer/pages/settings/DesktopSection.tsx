import { usePreferences } from '../../app/use-preferences.ts';
import { useText } from '../../i18n/use-text.ts';
import { Switch } from '../../ui/Switch.tsx';
import { SecretsSetting } from './SecretsSetting.tsx';
import { Section, Setting } from './Setting.tsx';

/** What only the desktop application has: its tray and its start with the session. */
export function DesktopSection({
  capabilities,
}: {
  capabilities: { readonly tray: boolean; readonly loginItem: boolean; readonly secrets: 'keychain' | 'weak' | 'none' };
}) {
  const t = useText();
  const { preferences, change } = usePreferences();
  return (
    <Section title={t('settings.desktop')} id="desktop">
      {capabilities.tray && (
        <Setting label={t('settings.closeToTray')} hint={t('settings.closeToTrayHint')}>
          <Switch
            label={t('settings.closeToTray')}
            checked={preferences.closeToTray}
            onChange={(closeToTray) => {
              change({ closeToTray });
            }}
          />
        </Setting>
      )}
      {capabilities.loginItem && (
        <Setting label={t('settings.startAtLogin')}>
          <Switch
            label={t('settings.startAtLogin')}
            checked={preferences.startAtLogin}
            onChange={(startAtLogin) => {
              change({ startAtLogin });
            }}
          />
        </Setting>
      )}
      {capabilities.loginItem && (
        <Setting label={t('settings.startHidden')} hint={t('settings.startHiddenHint')}>
          <Switch
            label={t('settings.startHidden')}
            checked={preferences.startHidden}
            disabled={!preferences.startAtLogin}
            onChange={(startHidden) => {
              change({ startHidden });
            }}
          />
        </Setting>
      )}
      {capabilities.secrets === 'none' ? (
        <Setting label={t('settings.secrets')}>{t('settings.secrets.none')}</Setting>
      ) : (
        <SecretsSetting strength={capabilities.secrets} />
      )}
    </Section>
  );
}
