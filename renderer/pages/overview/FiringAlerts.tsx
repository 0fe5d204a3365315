import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Alert, Severity } from '../../../shared/contract/alerts.ts';
import { useApp } from '../../app/app-context.ts';
import { useText } from '../../i18n/use-text.ts';
import { useShortcuts } from '../../keys/use-shortcuts.ts';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import styles from './Overview.module.css';

const MOST = 5;

/** The alerts that fire, worst first; `1` … `5` opens one. */
export function FiringAlerts() {
  const t = useText();
  const { api } = useApp();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(api.alerts.active.queryOptions());
  const firing = data?.filter(({ state }) => state === 'firing') ?? [];
  const pending = (data?.length ?? 0) - firing.length;
  const shown = firing.slice(0, MOST);
  useShortcuts(
    Array.from({ length: MOST }, (_, index) => ({
      id: `alert.${String(index + 1)}`,
      keys: String(index + 1),
      label: 'keys.openAlert' as const,
      group: 'keys.groupPage' as const,
      when: () => shown[index] !== undefined,
      run: () => {
        const alert = shown[index];
        if (alert !== undefined) void navigate({ to: '/alerts', search: { alert: alert.id } });
      },
    })),
  );
  return (
    <Panel
      title={t('overview.firing', { count: firing.length })}
      actions={
        <Link to="/alerts" className={styles.more}>
          {pending > 0 ? t('overview.pending', { count: pending }) : t('overview.allAlerts')}
        </Link>
      }
    >
      {data === undefined && error === null && <Loading />}
      {data === undefined && error !== null && (
        <ErrorNotice title={t('overview.noAlerts')} error={error} onRetry={() => void refetch()} />
      )}
      {data !== undefined && firing.length === 0 && (
        <p className={styles.calm}>
          <StateMark state="up" />
          {t('overview.noneFiring')}
        </p>
      )}
      <ul className={styles.alerts}>
        {shown.map((alert) => (
          <AlertLine key={alert.id} alert={alert} />
        ))}
      </ul>
      {firing.length > MOST && (
        <Link to="/alerts" className={styles.rest}>
          {t('common.more', { count: firing.length - MOST })}
        </Link>
      )}
    </Panel>
  );
}

function AlertLine({ alert }: { alert: Alert }) {
  return (
    <li>
      <Link to="/alerts" search={{ alert: alert.id }} className={styles.alert}>
        <StateMark state={severityMark(alert.severity)} />
        <span className={styles.alertName}>{alert.name}</span>
        <span className={styles.alertText}>
          {alert.annotations['summary'] ?? alert.labels['instance'] ?? alert.expr}
        </span>
        <span className={styles.alertSince}>
          <RelativeTime at={alert.firedAt ?? alert.activeAt} />
        </span>
      </Link>
    </li>
  );
}

function severityMark(severity: Severity): 'critical' | 'warning' | 'info' {
  return severity === 'error' ? 'critical' : severity;
}
