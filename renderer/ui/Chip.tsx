import type { ReactNode } from 'react';
import styles from './Chip.module.css';

/** A filter that is on or off, with the number that it stands for. */
export function Chip({
  on,
  count,
  onToggle,
  children,
}: {
  on: boolean;
  count?: string;
  onToggle: () => void;
  children: ReactNode;
}) {
  return (
    <button type="button" className={styles.chip} aria-pressed={on} onClick={onToggle}>
      {children}
      {count !== undefined && <span className={styles.count}>{count}</span>}
    </button>
  );
}
