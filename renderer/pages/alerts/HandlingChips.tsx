import type { Alert } from '../../../shared/contract/alerts.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { useNow } from '../../ui/RelativeTime.tsx';
import styles from './Handling.module.css';
import { isSnoozed } from './use-alert-actions.ts';

/** In a word each: who looks after an alert, and what holds it back. */
export function HandlingChips({ alert }: { alert: Alert }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(30_000);
  const { handling } = alert;
  if (handling === null) return null;
  const { acknowledged, snoozed, escalated, silencedBy, inhibitedBy, mutedBy } = handling;
  const words = [
    acknowledged === null ? null : t('alerts.chipAcknowledged', { who: acknowledged.by }),
    snoozed !== null && isSnoozed(alert, now) ? t('alerts.chipSnoozed', { time: format.clock(snoozed.until) }) : null,
    silencedBy.length > 0 ? t('alerts.chipSilenced') : null,
    inhibitedBy.length > 0 ? t('alerts.chipInhibited') : null,
    mutedBy.length > 0 ? t('alerts.chipMuted') : null,
    escalated.length > 0 ? t('alerts.chipEscalated') : null,
  ].filter((word) => word !== null);
  return words.map((word) => (
    <span key={word} className={styles.chip}>
      {word}
    </span>
  ));
}
