import { Page } from '../../app/Page.tsx';
import { useText } from '../../i18n/use-text.ts';

export function MetricsPage() {
  const t = useText();
  return (
    <Page title={t('nav.metrics')}>
      <div />
    </Page>
  );
}
