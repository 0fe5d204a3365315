import { Link } from '@tanstack/react-router';
import { Bell, Command, Pause, Play } from 'lucide-react';
import { useText } from '../i18n/use-text.ts';
import { useFormat } from '../format/use-format.ts';
import { liveIntervalMs } from '../range/time-range.ts';
import { useRangeControl, useTimeSpan } from '../range/use-time-range.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import type { OpenDialog } from './Frame.tsx';
import { RangePicker } from './RangePicker.tsx';
import styles from './TopBar.module.css';
import { useFiringCount } from './use-status.ts';

/** Where the reader is, the search of the page, the range of the application, and what is firing. */
export function TopBar({
  onCrumb,
  onSearch,
  onOpen,
}: {
  onCrumb: (element: HTMLElement | null) => void;
  onSearch: (element: HTMLElement | null) => void;
  onOpen: (dialog: OpenDialog) => void;
}) {
  const t = useText();
  return (
    <header className={styles.bar}>
      <div ref={onCrumb} className={styles.crumb} />
      <div ref={onSearch} className={styles.search} />
      <RangePicker />
      <LiveToggle />
      <FiringBell />
      <IconButton
        label={t('keys.palette')}
        icon={<Command size={16} />}
        onClick={() => {
          onOpen('palette');
        }}
      />
    </header>
  );
}

function LiveToggle() {
  const t = useText();
  const format = useFormat();
  const { live, setLive } = useRangeControl();
  const { start, end } = useTimeSpan();
  return (
    <Button
      className={styles.live ?? ''}
      pressed={live}
      icon={live ? <Pause size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
      title={t(live ? 'frame.pauseLive' : 'frame.resumeLive')}
      onClick={() => {
        setLive(!live);
      }}
    >
      {live ? t('frame.live', { interval: format.duration(liveIntervalMs(end - start)) }) : t('frame.paused')}
    </Button>
  );
}

function FiringBell() {
  const t = useText();
  const format = useFormat();
  const count = useFiringCount();
  const label = t('frame.firing', { count });
  return (
    <Link to="/alerts" className={styles.bell} aria-label={label} title={label} data-firing={count > 0}>
      <Bell size={16} aria-hidden="true" />
      {count > 0 && <span className={styles.badge}>{format.count(count)}</span>}
    </Link>
  );
}
