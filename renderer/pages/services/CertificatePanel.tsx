import type { ServiceDetail } from '../../../shared/contract/services.ts';
import { DAY_MS } from '../../format/time.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { useNow } from '../../ui/RelativeTime.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import styles from './ServiceDetail.module.css';

const WARN_DAYS = 14;

/** The certificate that the service showed: whose, by whom, until when. */
export function CertificatePanel({ certificate }: { certificate: NonNullable<ServiceDetail['certificate']> }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(60_000);
  const days = Math.floor((certificate.expiresAt - now) / DAY_MS);
  const state = !certificate.trusted || days < 0 ? 'down' : days < WARN_DAYS ? 'degraded' : 'up';
  return (
    <Panel title={t('services.certificate')}>
      <dl className={styles.pairs}>
        <dt>{t('services.expires')}</dt>
        <dd>
          <StateMark state={state} />{' '}
          {days < 0 ? t('services.expiredDays', { days: -days }) : t('services.daysLeft', { days })}
          {' · '}
          {format.dateTime(certificate.expiresAt)}
        </dd>
        <dt>{t('services.subject')}</dt>
        <dd>{certificate.subject}</dd>
        <dt>{t('services.issuer')}</dt>
        <dd>{certificate.issuer}</dd>
        {certificate.problem !== null && (
          <>
            <dt>{t('services.problem')}</dt>
            <dd>{certificate.problem}</dd>
          </>
        )}
      </dl>
    </Panel>
  );
}
