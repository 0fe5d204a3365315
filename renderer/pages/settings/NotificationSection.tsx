import { useApp } from '../../app/app-context.ts';
import { usePreferences } from '../../app/use-preferences.ts';
import { useStatus } from '../../app/use-status.ts';
import { useTestPopup } from '../../app/use-test-popup.ts';
import { useWrite } from '../../app/use-write.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { QuietHoursSetting } from './QuietHoursSetting.tsx';
import { Section, Setting } from './Setting.tsx';

const HOUR_MS = 3_600_000;

/** Popups: on or off, a test, and quiet for a while. */
export function NotificationSection() {
  const t = useText();
  const format = useFormat();
  const { client } = useApp();
  const { preferences, change } = usePreferences();
  const status = useStatus().data;
  const test = useTestPopup();
  const mute = useWrite(async (until: number | null) => client.system.mute({ until }), {
    done: ({ mutedUntil }) =>
      mutedUntil === null ? t('command.unmuted') : t('command.muted', { time: format.clock(mutedUntil) }),
  });
  const mutedUntil = status?.mutedUntil ?? null;
  const muted = mutedUntil !== null && status !== undefined && mutedUntil > status.now;
  return (
    <Section title={t('settings.notifications')} id="notifications">
      <Setting label={t('settings.popups')} hint={t('settings.popupsHint')}>
        <Switch
          label={t('settings.popups')}
          checked={preferences.popups}
          onChange={(popups) => {
            change({ popups });
          }}
        />
      </Setting>
      <QuietHoursSetting />
      <Setting label={t('settings.test')} hint={t('settings.testHint')}>
        <Button
          disabled={test.isPending}
          onClick={() => {
            test.mutate(undefined);
          }}
        >
          {t('command.testPopup')}
        </Button>
      </Setting>
      <Setting
        label={t('settings.mute')}
        hint={muted ? t('strip.muted', { time: format.clock(mutedUntil) }) : t('settings.muteHint')}
      >
        <Button
          disabled={mute.isPending}
          onClick={() => {
            mute.mutate(muted ? null : Date.now() + HOUR_MS);
          }}
        >
          {muted ? t('command.unmute') : t('command.mute', { time: format.duration(HOUR_MS) })}
        </Button>
      </Setting>
    </Section>
  );
}
