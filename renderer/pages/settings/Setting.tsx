import { createContext, use, type ReactNode } from 'react';
import styles from './Settings.module.css';

/** What is searched for on the page, in lower case; empty shows everything. */
export const QueryContext = createContext('');

/** A group of settings; it leaves when none of its rows matches the search. */
export function Section({ title, id, children }: { title: string; id: string; children: ReactNode }) {
  return (
    <section className={styles.section} id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} className={styles.sectionTitle}>
        {title}
      </h2>
      {children}
    </section>
  );
}

/** One row: what it is, what it does, and its control. It hides when the search is for something else. */
export function Setting({
  label,
  hint,
  keywords = '',
  wide = false,
  children,
}: {
  label: string;
  hint?: string;
  /** More words that find it. */
  keywords?: string;
  /** The control stands below the words and takes the whole width. */
  wide?: boolean;
  children: ReactNode;
}) {
  const query = use(QueryContext);
  const text = `${label} ${hint ?? ''} ${keywords}`.toLowerCase();
  if (!query.split(/\s+/).every((word) => text.includes(word))) return null;
  return (
    <div className={styles.setting} data-setting data-wide={wide}>
      <div className={styles.words}>
        <div className={styles.label}>{label}</div>
        {hint !== undefined && <div className={styles.hint}>{hint}</div>}
      </div>
      <div className={styles.control}>{children}</div>
    </div>
  );
}
