import { Page } from '../../app/Page.tsx';
import { useText } from '../../i18n/use-text.ts';

export function SettingsPage() {
  const t = useText();
  return (
    <Page title={t('nav.settings')}>
      <div />
    </Page>
  );
}
