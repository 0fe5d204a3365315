import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { useApp } from '../app/app-context.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, IconButton } from './Button.tsx';
import styles from './Toasts.module.css';

/** The messages that are shown now; read out politely. */
export function Toasts() {
  const t = useText();
  const { toasts } = useApp();
  const shown = useStore(toasts, (state) => state.toasts);
  return (
    <div className={styles.region} role="status" aria-live="polite">
      {shown.map(({ id, text, tone, undo }) => (
        <div key={id} className={styles.toast} data-tone={tone}>
          <span className={styles.text}>{text}</span>
          {undo !== undefined && (
            <Button
              onClick={() => {
                undo();
                toasts.dismiss(id);
              }}
            >
              {t('common.undo')}
            </Button>
          )}
          <IconButton
            label={t('common.dismiss')}
            icon={<X size={14} />}
            onClick={() => {
              toasts.dismiss(id);
            }}
          />
        </div>
      ))}
    </div>
  );
}
