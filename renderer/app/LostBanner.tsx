import { useStore } from 'zustand';
import { useFormat } from '../format/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useApp } from './app-context.ts';
import styles from './LostBanner.module.css';

/** While the program does not answer: says so, and how old what is shown is. Nothing is blanked. */
export function LostBanner() {
  const t = useText();
  const format = useFormat();
  const { state, seenAt, reason } = useStore(useApp().connection);
  return (
    <div role="status">
      {state === 'lost' && (
        <p className={styles.banner} title={reason ?? undefined}>
          {seenAt === null ? t('frame.unreachable') : t('frame.reconnecting', { time: format.clock(seenAt) })}
        </p>
      )}
    </div>
  );
}
