import { useStatus } from '../../app/use-status.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Section, Setting } from './Setting.tsx';

/** What is kept, where, and how much of it there is. */
export function StorageSection() {
  const t = useText();
  const format = useFormat();
  const status = useStatus().data;
  const store = status?.store;
  return (
    <Section title={t('settings.storage')} id="storage">
      <Setting label={t('settings.directory')}>
        <code>{status?.dataDirectory ?? '—'}</code>
      </Setting>
      <Setting label={t('settings.metricsSize')} hint={t('settings.retentionHint')} keywords="retention">
        {t('settings.metricsUse', {
          size: format.bytes(store?.metricsBytes),
          series: format.count(store?.series),
          rate: format.number(store?.samplesPerSecond),
        })}
      </Setting>
      <Setting label={t('settings.logsSize')}>{format.bytes(store?.logsBytes)}</Setting>
      <Setting label={t('settings.oldest')}>{format.dateTime(store?.oldestSampleAt)}</Setting>
    </Section>
  );
}
