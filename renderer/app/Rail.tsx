import { Link } from '@tanstack/react-router';
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { useState } from 'react';
import type { State } from '../../shared/model/state.ts';
import { useFormat } from '../format/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useShortcuts } from '../keys/use-shortcuts.ts';
import { IconButton } from '../ui/Button.tsx';
import { StateMark, stateWord } from '../ui/StateMark.tsx';
import { useMedia } from './Appearance.tsx';
import { PAGES } from './pages.ts';
import styles from './Rail.module.css';
import { useStatus } from './use-status.ts';

const SHOWN: readonly State[] = ['down', 'degraded', 'unknown', 'up'];
const KEY = 'vedette.rail';

/** The pages, and over them how many services are in which state. Below 1,200 px it shows icons alone. */
export function Rail() {
  const t = useText();
  const narrow = useMedia('(max-width: 1199px)');
  const [chosen, setChosen] = useState(() => localStorage.getItem(KEY));
  const collapsed = narrow || chosen === 'collapsed';
  const toggle = (): void => {
    const next = collapsed ? 'open' : 'collapsed';
    localStorage.setItem(KEY, next);
    setChosen(next);
  };
  useShortcuts([{ id: 'rail', keys: '[', label: 'keys.rail', group: 'keys.groupGlobal', run: toggle }]);
  return (
    <nav className={styles.rail} data-collapsed={collapsed} aria-label={t('frame.pages')}>
      <Counts collapsed={collapsed} />
      <ul className={styles.list}>
        {PAGES.map(({ to, label, icon: Icon, keys }) => (
          <li key={to}>
            <Link
              to={to}
              className={styles.link}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              title={collapsed ? t(label) : undefined}
            >
              <Icon size={16} aria-hidden="true" />
              <span className={collapsed ? 'visually-hidden' : styles.name}>{t(label)}</span>
              {!collapsed && !keys.startsWith('mod') && (
                <kbd className={styles.keys} aria-hidden="true">
                  {keys}
                </kbd>
              )}
            </Link>
          </li>
        ))}
      </ul>
      {!narrow && (
        <IconButton
          className={styles.toggle ?? ''}
          label={t(collapsed ? 'frame.openRail' : 'frame.closeRail')}
          icon={collapsed ? <PanelLeftOpen size={16} /> : <PanelLeftClose size={16} />}
          onClick={toggle}
        />
      )}
    </nav>
  );
}

function Counts({ collapsed }: { collapsed: boolean }) {
  const t = useText();
  const format = useFormat();
  const status = useStatus().data;
  if (status === undefined) return <div className={styles.counts} />;
  const shown = SHOWN.filter((state) => status.counts[state] > 0 || state === 'up');
  return (
    <div className={styles.counts}>
      {shown.map((state) => (
        <Link
          key={state}
          to="/services"
          search={{ state }}
          className={styles.count}
          aria-label={t('frame.countOf', { count: status.counts[state], state: t(stateWord(state)) })}
          title={t('frame.countOf', { count: status.counts[state], state: t(stateWord(state)) })}
        >
          <span data-state={state} className={styles.mark} aria-hidden="true">
            <StateMark state={state} size={10} />
          </span>
          <span>{format.count(status.counts[state])}</span>
          {!collapsed && <span className={styles.word}>{t(stateWord(state))}</span>}
        </Link>
      ))}
    </div>
  );
}
