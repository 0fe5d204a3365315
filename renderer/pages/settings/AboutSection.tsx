import { useStatus } from '../../app/use-status.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Section, Setting } from './Setting.tsx';

/** Which version this is, and under which licence. */
export function AboutSection() {
  const t = useText();
  const format = useFormat();
  const status = useStatus().data;
  const facts =
    status === undefined
      ? '—'
      : `Vedette ${status.version} · ${status.platform} · ${t(`settings.mode.${status.mode}`)}`;
  return (
    <Section title={t('settings.about')} id="about">
      <Setting label={t('settings.version')}>
        <span>{facts}</span>{' '}
        <Button onClick={() => void navigator.clipboard.writeText(facts)} aria-label={t('settings.copyVersion')}>
          {t('common.copy')}
        </Button>
      </Setting>
      <Setting label={t('settings.startedAt')}>{format.dateTime(status?.startedAt)}</Setting>
      <Setting label={t('settings.licence')}>{t('settings.licenceText')}</Setting>
      <Setting label={t('settings.privacy')}>{t('settings.privacyText')}</Setting>
    </Section>
  );
}
