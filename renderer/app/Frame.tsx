import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { liveIntervalMs, resolveRange } from '../range/time-range.ts';
import { runLiveClock } from '../range/live-clock.ts';
import { useRangeControl } from '../range/use-time-range.ts';
import { Toasts } from '../ui/Toasts.tsx';
import { useApp } from './app-context.ts';
import styles from './Frame.module.css';
import { LostBanner } from './LostBanner.tsx';
import { Rail } from './Rail.tsx';
import { SlotsContext } from './slots.ts';
import { StatusStrip } from './StatusStrip.tsx';
import { TopBar } from './TopBar.tsx';
import { useFrameShortcuts } from './use-frame-shortcuts.ts';

const CommandPalette = lazy(async () => import('./CommandPalette.tsx'));
const ShortcutSheet = lazy(async () => import('./ShortcutSheet.tsx'));

export type OpenDialog = 'palette' | 'shortcuts' | null;

/** The window: rail, top bar, page, side panel, status strip. */
export function Frame() {
  const t = useText();
  const { clock } = useApp();
  const { range, live } = useRangeControl();
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const [crumb, setCrumb] = useState<HTMLElement | null>(null);
  const [search, setSearch] = useState<HTMLElement | null>(null);
  const [panel, setPanel] = useState<HTMLElement | null>(null);
  const slots = useMemo(() => ({ crumb, search, panel }), [crumb, search, panel]);
  useFrameShortcuts(setDialog);

  useEffect(() => {
    if (!live) return;
    const { start, end } = resolveRange(range, Date.now());
    return runLiveClock(clock, liveIntervalMs(end - start));
  }, [clock, live, range]);

  const closeDialog = (): void => {
    setDialog(null);
  };
  return (
    <SlotsContext value={slots}>
      <div className={styles.frame}>
        <a className={styles.skip} href="#content">
          {t('frame.skip')}
        </a>
        <Rail />
        <div className={styles.main}>
          <TopBar onCrumb={setCrumb} onSearch={setSearch} onOpen={setDialog} />
          <LostBanner />
          <div className={styles.middle}>
            <Suspense fallback={<main className={styles.waiting} />}>
              <Outlet />
            </Suspense>
            <div ref={setPanel} className={styles.panel} />
          </div>
          <StatusStrip />
        </div>
      </div>
      <Toasts />
      <Suspense fallback={null}>
        {dialog === 'palette' && (
          <CommandPalette
            onClose={closeDialog}
            onShortcuts={() => {
              setDialog('shortcuts');
            }}
          />
        )}
        {dialog === 'shortcuts' && <ShortcutSheet onClose={closeDialog} />}
      </Suspense>
    </SlotsContext>
  );
}
