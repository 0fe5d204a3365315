import { Link } from '@tanstack/react-router';
import { LibraryBig, Plus } from 'lucide-react';
import { useText } from '../../../i18n/use-text.ts';
import styles from './Rules.module.css';

/** Ways to more rules. */
export function RuleTools() {
  const t = useText();
  return (
    <nav className={styles.tools} aria-label={t('rules.tools')}>
      <Link to="/alerts" search={{ tab: 'new-rule' }}>
        <Plus size={14} aria-hidden="true" />
        {t('rules.new')}
      </Link>
      <Link to="/alerts" search={{ tab: 'ready-rules' }}>
        <LibraryBig size={14} aria-hidden="true" />
        {t('rules.ready')}
      </Link>
    </nav>
  );
}
