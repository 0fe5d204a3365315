import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { Notice } from '../ui/Notice.tsx';
import { Page } from './Page.tsx';

export function NotFound() {
  const t = useText();
  return (
    <Page title={t('frame.notFound')}>
      <Notice title={t('frame.notFound')} actions={<Link to="/">{t('frame.toOverview')}</Link>}>
        {t('frame.notFoundText')}
      </Notice>
    </Page>
  );
}
