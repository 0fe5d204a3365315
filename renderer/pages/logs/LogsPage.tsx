import { Page } from '../../app/Page.tsx';
import { useText } from '../../i18n/use-text.ts';

export function LogsPage() {
  const t = useText();
  return (
    <Page title={t('nav.logs')}>
      <div />
    </Page>
  );
}
