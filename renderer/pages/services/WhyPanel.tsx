import { Link } from '@tanstack/react-router';
import type { Beat, ServiceDetail } from '../../../shared/contract/services.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { firstBadCheck } from './first-bad-check.ts';
import styles from './ServiceDetail.module.css';

/** Around the change: what it looked like before. */
const LOG_MARGIN_MS = 30_000;
const CHART_MARGIN_MS = 120_000;

/** Why it is not up: the last good and the first bad look side by side, and the ways to what happened around it. */
export function WhyPanel({ service }: { service: ServiceDetail }) {
  const t = useText();
  const { good, bad } = firstBadCheck(service.history);
  const at = bad?.at ?? service.since;
  return (
    <Panel title={t('why.title')}>
      <div className={styles.why}>
        <Look title={t('why.lastGood')} beat={good} />
        <Look title={t('why.firstBad')} beat={bad} />
        {at !== null && (
          <ul className={styles.around}>
            <li>
              <Link to="/logs" search={around(at, LOG_MARGIN_MS)}>
                {t('why.logs')}
              </Link>
            </li>
            <li>
              <Link to="/" search={around(at, CHART_MARGIN_MS)}>
                {t('why.computer')}
              </Link>
            </li>
          </ul>
        )}
      </div>
    </Panel>
  );
}

function Look({ title, beat }: { title: string; beat: Beat | null }) {
  const t = useText();
  const format = useFormat();
  return (
    <div className={styles.look}>
      <h3>{title}</h3>
      {beat === null ? (
        <p className="muted">{t('why.notKnown')}</p>
      ) : (
        <>
          <p>
            <StateMark state={beat.state} word /> · {format.dateTime(beat.at)} · {format.duration(beat.durationMs)}
          </p>
          <p>{beat.message ?? t('why.noMessage')}</p>
        </>
      )}
    </div>
  );
}

function around(at: number, marginMs: number): { from: string; to: string } {
  return { from: String(at - marginMs), to: String(at + marginMs) };
}
