import { useEffect, useEffectEvent } from 'react';
import { useApp } from '../app/app-context.ts';
import type { Shortcut } from './shortcut-registry.ts';

/** Put shortcuts on the page for as long as the component is in view; each runs what the latest render gave it. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const { shortcuts: registry } = useApp();
  const latest = useEffectEvent(() => shortcuts);
  const signature = shortcuts.map(({ id, keys }) => `${id} ${keys}`).join('\n');
  useEffect(() => {
    const byId = (id: string): Shortcut | undefined => latest().find((shortcut) => shortcut.id === id);
    return registry.add(
      latest().map((shortcut) => ({
        ...shortcut,
        run: () => byId(shortcut.id)?.run(),
        when: () => byId(shortcut.id)?.when?.() ?? true,
      })),
    );
  }, [registry, signature]);
}
