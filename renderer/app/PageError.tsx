import type { ErrorComponentProps } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from './Page.tsx';

/** A page that could not be drawn: says so with the words of the fault, and lets the rest of the window live. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const message = error instanceof Error ? error.message : String(error);
  const details = error instanceof Error ? (error.stack ?? message) : message;
  const t = useText();
  return (
    <Page title={t('frame.pageBroken')}>
      <div role="alert">
        <Notice
          tone="bad"
          title={t('frame.pageBroken')}
          actions={
            <>
              <Button onClick={reset}>{t('common.tryAgain')}</Button>
              <Button onClick={() => void navigator.clipboard.writeText(details)}>{t('common.copyDetails')}</Button>
            </>
          }
        >
          {message}
        </Notice>
      </div>
    </Page>
  );
}
