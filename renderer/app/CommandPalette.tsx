import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useText } from '../i18n/use-text.ts';
import { PRESETS } from '../range/presets.ts';
import { useRangeControl } from '../range/use-time-range.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { useApp } from './app-context.ts';
import styles from './CommandPalette.module.css';
import { Keys } from './Keys.tsx';
import { PAGES } from './pages.ts';
import { useCommands } from './use-commands.ts';

/** Everything by its name: pages, services, ranges of time, actions. */
export default function CommandPalette({ onClose, onShortcuts }: { onClose: () => void; onShortcuts: () => void }) {
  const t = useText();
  const { api } = useApp();
  const navigate = useNavigate();
  const { setRange } = useRangeControl();
  const services = useQuery(api.services.list.queryOptions());
  const commands = useCommands(onShortcuts);
  const run = (action: () => void) => (): void => {
    onClose();
    action();
  };
  return (
    <Dialog title={t('palette.title')} onClose={onClose} bare>
      <Command label={t('palette.title')} className={styles.palette} loop>
        <Command.Input className={styles.input} placeholder={t('palette.hint')} autoFocus />
        <Command.List className={styles.list} label={t('palette.results')}>
          <Command.Empty className={styles.empty}>{t('palette.nothing')}</Command.Empty>
          <Command.Group heading={t('frame.pages')} className={styles.group}>
            {PAGES.map(({ to, label, icon: Icon, keys }) => (
              <Command.Item key={to} className={styles.item} onSelect={run(() => void navigate({ to }))}>
                <Icon size={14} aria-hidden="true" />
                <span className={styles.name}>{t(label)}</span>
                <Keys keys={keys} />
              </Command.Item>
            ))}
          </Command.Group>
          <Command.Group heading={t('palette.actions')} className={styles.group}>
            {commands.map(({ id, text, run: action }) => (
              <Command.Item key={id} className={styles.item} onSelect={run(action)}>
                <span className={styles.name}>{text}</span>
              </Command.Item>
            ))}
          </Command.Group>
          <Command.Group heading={t('range.title')} className={styles.group}>
            {PRESETS.map(({ from, to, label }) => (
              <Command.Item
                key={label}
                className={styles.item}
                onSelect={run(() => {
                  setRange({ from, to });
                })}
              >
                <span className={styles.name}>{t(label)}</span>
              </Command.Item>
            ))}
          </Command.Group>
          <Command.Group heading={t('nav.services')} className={styles.group}>
            {services.data?.slice(0, 200).map(({ id, name, group, state }) => (
              <Command.Item
                key={id}
                value={`${name} ${id}`}
                className={styles.item}
                onSelect={run(() => void navigate({ to: '/services/detail', search: { id } }))}
              >
                <StateMark state={state} />
                <span className={styles.name}>{name}</span>
                <span className="muted">{group}</span>
              </Command.Item>
            ))}
          </Command.Group>
        </Command.List>
      </Command>
    </Dialog>
  );
}
