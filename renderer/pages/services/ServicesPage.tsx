import { Page } from '../../app/Page.tsx';
import { useText } from '../../i18n/use-text.ts';

export function ServicesPage() {
  const t = useText();
  return (
    <Page title={t('nav.services')}>
      <div />
    </Page>
  );
}
