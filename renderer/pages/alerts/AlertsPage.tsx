import { Page } from '../../app/Page.tsx';
import { useText } from '../../i18n/use-text.ts';

export function AlertsPage() {
  const t = useText();
  return (
    <Page title={t('nav.alerts')}>
      <div />
    </Page>
  );
}
