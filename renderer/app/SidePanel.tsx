import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useText } from '../i18n/use-text.ts';
import { useShortcuts } from '../keys/use-shortcuts.ts';
import { IconButton } from '../ui/Button.tsx';
import styles from './SidePanel.module.css';
import { useSlots } from './slots.ts';

/** Details beside the page; Esc or `]` closes them. */
export function SidePanel({
  title,
  onClose,
  actions,
  children,
}: {
  title: ReactNode;
  onClose: () => void;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const t = useText();
  const { panel } = useSlots();
  useShortcuts([
    { id: 'panel.close', keys: 'esc', label: 'keys.closePanel', group: 'keys.groupPage', run: onClose },
    { id: 'panel.toggle', keys: ']', label: 'keys.closePanel', group: 'keys.groupPage', run: onClose },
  ]);
  if (panel === null) return null;
  return createPortal(
    <aside className={styles.panel} aria-label={t('frame.sidePanel')}>
      <header className={styles.header}>
        <h2 className={styles.title}>{title}</h2>
        {actions}
        <IconButton label={t('common.close')} icon={<X size={16} />} onClick={onClose} />
      </header>
      <div className={styles.body} tabIndex={0} role="group" aria-label={t('frame.sidePanel')}>
        {children}
      </div>
    </aside>,
    panel,
  );
}
