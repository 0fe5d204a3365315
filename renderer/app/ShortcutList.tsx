import { useSyncExternalStore } from 'react';
import { useText } from '../i18n/use-text.ts';
import type { Shortcut, ShortcutGroup } from '../keys/shortcut-registry.ts';
import { useApp } from './app-context.ts';
import { Keys } from './Keys.tsx';
import styles from './ShortcutList.module.css';
import { usePreferences } from './use-preferences.ts';

const GROUPS: readonly ShortcutGroup[] = ['keys.groupGlobal', 'keys.groupTime', 'keys.groupList', 'keys.groupPage'];

/** The keys that work at this moment, by what they do. */
export function ShortcutList() {
  const t = useText();
  const { shortcuts } = useApp();
  const { preferences } = usePreferences();
  const list = useSyncExternalStore(shortcuts.subscribe, shortcuts.list);
  return (
    <div className={styles.sheet}>
      {!preferences.singleKeyShortcuts && <p className={styles.off}>{t('keys.singleOff')}</p>}
      {GROUPS.map((group) => {
        const rows = [...byLabel(list.filter((shortcut) => shortcut.group === group))];
        if (rows.length === 0) return null;
        return (
          <section key={group}>
            <h3>{t(group)}</h3>
            <dl className={styles.list}>
              {rows.map(([label, keys]) => (
                <div key={label} className={styles.row}>
                  <dt>{t(label)}</dt>
                  <dd>
                    {keys.map((stroke) => (
                      <Keys key={stroke} keys={stroke} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
    </div>
  );
}

/** Two keys of one action stand in one line. */
function byLabel(list: readonly Shortcut[]): Map<Shortcut['label'], string[]> {
  const rows = new Map<Shortcut['label'], string[]>();
  for (const { label, keys } of list) {
    const row = rows.get(label) ?? [];
    if (!row.includes(keys)) row.push(keys);
    rows.set(label, row);
  }
  return rows;
}
