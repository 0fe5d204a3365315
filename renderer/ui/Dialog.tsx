import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useText } from '../i18n/use-text.ts';
import { IconButton } from './Button.tsx';
import styles from './Dialog.module.css';

/**
 * A modal dialog of the browser itself: the page behind is inert, Esc closes, focus returns. Radix's would add a
 * `<style>` element, which the content security policy refuses.
 */
export function Dialog({
  title,
  onClose,
  children,
  bare = false,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Without a heading; the content brings its own. */
  bare?: boolean;
}) {
  const t = useText();
  const ref = useRef<HTMLDialogElement>(null);
  const headingId = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // A field to write in goes before what comes first in the markup.
    dialog?.querySelector('input')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={styles.dialog}
      aria-labelledby={bare ? undefined : headingId}
      aria-label={bare ? title : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The backdrop belongs to the dialog element itself; its content is in the box inside.
        if (event.target === ref.current) onClose();
      }}
    >
      <div className={styles.box}>
        {!bare && (
          <header className={styles.header}>
            <h2 id={headingId}>{title}</h2>
            <IconButton label={t('common.close')} icon={<X size={16} />} onClick={onClose} />
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
}
