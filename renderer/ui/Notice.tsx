import { useEffect, useState, type ReactNode } from 'react';
import { errorText } from '../api/error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from './Button.tsx';
import styles from './Notice.module.css';

/** What stands where content would be: what is the case, why, and what to do. */
export function Notice({
  title,
  children,
  actions,
  tone = 'plain',
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  tone?: 'plain' | 'bad';
}) {
  return (
    <div className={styles.notice} data-tone={tone}>
      <p className={styles.title}>{title}</p>
      {children !== undefined && <div className={styles.text}>{children}</div>}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** A call that failed: the sentence for its cause, and a way to try again. */
export function ErrorNotice({ error, title, onRetry }: { error: unknown; title: string; onRetry?: () => void }) {
  const t = useText();
  return (
    <div role="alert">
      <Notice
        tone="bad"
        title={title}
        actions={onRetry !== undefined && <Button onClick={onRetry}>{t('common.tryAgain')}</Button>}
      >
        {errorText(error, t)}
      </Notice>
    </div>
  );
}

const LOADING_AFTER_MS = 200;

/** Says that something is being fetched, but only when it takes longer than 200 ms. */
export function Loading({ label }: { label?: string }) {
  const t = useText();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(setLate, LOADING_AFTER_MS, true);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div className={styles.loading} role="status">
      {late ? (label ?? t('common.loading')) : ''}
    </div>
  );
}
