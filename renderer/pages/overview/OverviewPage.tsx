import { Page } from '../../app/Page.tsx';
import { useText } from '../../i18n/use-text.ts';

export function OverviewPage() {
  const t = useText();
  return (
    <Page title={t('nav.overview')}>
      <div />
    </Page>
  );
}
